import type { SeedOptions, SimulationMode } from "../seed-run.ts";
import { seedTimeoutMs } from "./run-batch.ts";
import { createSeedPool, type SeedPool } from "./seed-pool.ts";

/** Whether the simulation found a bug that was planted, and where. */
export type PlantResult = {
  readonly name: string;
  readonly caught: boolean;
  /** The seed that found it; null where none did. */
  readonly seed: number | null;
  readonly mode: SimulationMode | null;
  /** Seeds, each in both modes. */
  readonly seedsTried: number;
  /** What it broke; null where nothing. */
  readonly invariant: string | null;
};

/** Which bugs are planted, and how far each is looked for. */
export type PlantsRequest = {
  readonly names: readonly string[];
  readonly firstSeed: number;
  /** Seeds a plant. */
  readonly seedsMax: number;
  /** Seeds that are tried first, by plant, as far as they are among the others. */
  readonly firstSeeds: Readonly<Record<string, readonly number[]>>;
  readonly options: Omit<SeedOptions, "seed" | "mode">;
  /** Plants that are looked for at once, each in a thread of its own. */
  readonly atOnce: number;
  readonly isStopped: () => boolean;
  readonly onPlant?: (result: PlantResult) => void;
};

/**
 * Plants one bug at a time in production code, in a thread of its own, and runs seeds in
 * both modes until one breaks an invariant. A seed counts only if it breaks nothing without the bug.
 * Stopped, it leaves out the plants that it had not decided about.
 */
export const runPlants = async (request: PlantsRequest): Promise<readonly PlantResult[]> => {
  const results = new Map<string, PlantResult>();
  const names = [...request.names];
  const healthy = createSeedPool({ size: request.atOnce });
  const work = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const result = await lookFor(request, name, healthy);
      if (result === undefined) return;
      results.set(name, result);
      request.onPlant?.(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: request.atOnce }, work));
  } finally {
    await healthy.close();
  }
  return request.names.flatMap((name) => results.get(name) ?? []);
};

const lookFor = async (
  request: PlantsRequest,
  name: string,
  healthy: SeedPool,
): Promise<PlantResult | undefined> => {
  const { seedsMax, isStopped } = request;
  const planted = createSeedPool({ size: 1, plant: name });
  try {
    let tried = 0;
    for (const seed of inOrder(request, request.firstSeeds[name] ?? [])) {
      if (isStopped()) return undefined;
      tried += 1;
      for (const mode of MODES) {
        const options = { ...request.options, seed, mode };
        const invariant = await brokenBy(planted, name, options);
        if (invariant === undefined) continue;
        // What fails without the bug as well proves nothing about it.
        if ((await brokenBy(healthy, "nothing", options)) !== undefined) continue;
        return { name, caught: true, seed, mode, seedsTried: tried, invariant };
      }
    }
    return { name, caught: false, seed: null, mode: null, seedsTried: seedsMax, invariant: null };
  } finally {
    await planted.close();
  }
};

/** Every seed of the request once, those that are hoped for before the others. */
const inOrder = (
  { firstSeed, seedsMax }: PlantsRequest,
  hoped: readonly number[],
): readonly number[] => {
  const all = Array.from({ length: seedsMax }, (_, index) => firstSeed + index);
  return [...new Set([...hoped.filter((seed) => all.includes(seed)), ...all])];
};

/** Some bugs only show in worlds that have to come to rest, most in any. */
const MODES = ["safety", "liveness"] as const;

/** The first invariant that a seed breaks. Throws where the simulation itself does not run. */
const brokenBy = async (
  pool: SeedPool,
  plant: string,
  options: SeedOptions,
): Promise<string | undefined> => {
  const answer = await pool.run({ type: "run", options }, seedTimeoutMs(options.days));
  if (answer.type === "ran") return answer.summary.violations[0]?.invariant;
  const detail = answer.type === "broke" ? answer.detail : "";
  throw new Error(`With ${plant} planted the simulation does not run: ${detail}`);
};
