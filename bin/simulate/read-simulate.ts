import { availableParallelism } from "node:os";
import { FAULT_KINDS, type FaultKind } from "../../simulation/faults/fault-kind.ts";
import type { SimulationMode } from "../../simulation/seed-run.ts";
import { usageFault, type VerbInput } from "../verb.ts";

/** What the user asked of `simulate`, checked. */
export type SimulateRequest = {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly days: number;
  readonly mode: SimulationMode;
  /** `undefined`: each seed draws its own. */
  readonly faultKinds: readonly FaultKind[] | undefined;
  /** `undefined`: every fault that the seed holds. */
  readonly onlyFaults: ReadonlySet<number> | undefined;
  readonly isPlanting: boolean;
  readonly configurationPath: string | undefined;
  readonly workers: number;
};

const SEEDS_MAX = 1_000_000;
const SEED_MAX = 2 ** 32 - 1;
const DAYS_MIN = 0.05;
const DAYS_MAX = 20;
const WORKERS_MAX = 256;
const SEEDS = 100;
const SEEDS_A_PLANT = 500;

/** Reads what was typed. Throws a `VerbFault` for the first thing that cannot be meant. */
export const readSimulate = ({ options }: VerbInput): SimulateRequest => {
  const isPlanting = options["plants"] === true;
  const seed = readWhole("--seed", options["seed"], 0, SEED_MAX);
  const onlyFaults = readOnlyFaults(options["onlyFaults"]);
  const several = isPlanting ? SEEDS_A_PLANT : SEEDS;
  const seeds =
    readWhole("--seeds", options["seeds"], 1, SEEDS_MAX) ?? (seed === undefined ? several : 1);
  if (onlyFaults !== undefined && (seed === undefined || seeds !== 1)) {
    throw usageFault("--only-faults names faults of one world: it needs --seed, and no --seeds.");
  }
  return {
    firstSeed: seed ?? 1,
    seeds,
    days: readDays(String(options["days"])),
    mode: options["mode"] === "liveness" ? "liveness" : "safety",
    faultKinds: readKinds(options["faults"]),
    onlyFaults,
    isPlanting,
    configurationPath: typeof options["config"] === "string" ? options["config"] : undefined,
    workers: readWhole("--workers", options["workers"], 1, WORKERS_MAX) ?? availableParallelism(),
  };
};

const readKinds = (value: string | boolean | undefined): readonly FaultKind[] | undefined => {
  if (typeof value !== "string") return undefined;
  const kinds = value.split(",").map((word) => {
    const name = word.trim();
    const kind = FAULT_KINDS.find((known) => known === name);
    if (kind !== undefined) return kind;
    throw usageFault(
      `--faults: there is no fault ${JSON.stringify(name)}; \`simulate --faults list\` shows them.`,
    );
  });
  return [...new Set(kinds)];
};

const readOnlyFaults = (value: string | boolean | undefined): ReadonlySet<number> | undefined => {
  if (typeof value !== "string") return undefined;
  if (value === "none") return new Set();
  return new Set(value.split(",").map(readFaultNumber));
};

const readFaultNumber = (word: string): number => {
  if (/^-?\d{1,10}$/.test(word.trim())) return Number(word);
  throw usageFault(`--only-faults takes numbers of faults, or none, not ${JSON.stringify(word)}.`);
};

const readDays = (text: string): number => {
  const days = /^\d{1,2}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (days >= DAYS_MIN && days <= DAYS_MAX) return days;
  throw usageFault(`--days takes a number from ${DAYS_MIN} to ${DAYS_MAX}, not ${text}.`);
};

const readWhole = (
  name: string,
  value: string | boolean | undefined,
  min: number,
  max: number,
): number | undefined => {
  if (typeof value !== "string") return undefined;
  const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw usageFault(`${name} takes a whole number from ${min} to ${max}, not ${value}.`);
};
