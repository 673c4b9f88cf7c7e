import type { Cause } from "../../shared/domain/healing/finding.ts";
import type { HealingRecord, RemedyName } from "../../shared/domain/healing/remedy.ts";
import { broken, HOLDS, type Invariant, judgeOf, SKEW_MAX_MS } from "./invariant.ts";

/** Said here again, so that no change of the product moves it. */
const WINDOW_MS = 30 * 60_000 - 2 * SKEW_MAX_MS;
const PER_REMEDY_MAX = 6;
const IN_ALL_MAX = 12;
const FAILURES_MAX = 5;
const FAILURE_WINDOW_MS = 10 * 60_000 - 2 * SKEW_MAX_MS;

type Use = {
  readonly remedy: RemedyName;
  readonly atMs: number;
  failedAtMs: number | undefined;
};

/**
 * (24) Healing keeps to its budget, in each Region: at most six uses of a remedy and twelve of all
 * in half an hour, and none of one that has failed five times in ten minutes, unless what it was
 * for passes by itself and it was cleared.
 */
export const createHealingWithinBudget = (): Invariant => {
  const uses = new Map<string, Map<string, Use>>();
  return {
    name: "healing-within-budget",
    judge: judgeOf(["healingNoted"], (observation) => {
      const { actor, record, atMs } = observation;
      const ofRegion = uses.get(actor.region) ?? new Map<string, Use>();
      uses.set(actor.region, ofRegion);
      const { remedy, id, outcome } = record;
      if (remedy === null) return HOLDS;
      if (outcome === "cleared") return clear([...ofRegion.values()], record);
      const known = ofRegion.get(id);
      if (known !== undefined) {
        if (outcome === "failed" || outcome === "undone") known.failedAtMs ??= atMs;
        return HOLDS;
      }
      const before = [...ofRegion.values()];
      ofRegion.set(id, { remedy, atMs, failedAtMs: undefined });
      const recent = before.filter((use) => atMs - use.atMs < WINDOW_MS);
      const ofRemedy = recent.filter((use) => use.remedy === remedy);
      if (ofRemedy.length >= PER_REMEDY_MAX || recent.length >= IN_ALL_MAX) {
        return broken(`${remedy} was used beyond its budget.`);
      }
      const failures = before.flatMap((use) =>
        use.remedy === remedy && use.failedAtMs !== undefined ? [use.failedAtMs] : [],
      );
      return isStopped(failures)
        ? broken(`${remedy} was used although it had failed too often.`)
        : HOLDS;
    }),
  };
};

/** Configuration and risk are a person's, and here nobody is. */
const clear = (
  uses: readonly Use[],
  { remedy, cause }: Pick<HealingRecord, "remedy" | "cause">,
): ReturnType<Invariant["judge"]> => {
  for (const use of uses) if (use.remedy === remedy) use.failedAtMs = undefined;
  return FOR_PEOPLE.includes(cause)
    ? broken(`${remedy} was cleared without a person, though it was for ${cause}.`)
    : HOLDS;
};

const FOR_PEOPLE: readonly Cause[] = [
  "configurationDrift",
  "credentialsRefused",
  "contractChanged",
  "cellDamaged",
  "guardBroken",
];

const isStopped = (failures: readonly number[]): boolean =>
  failures.some((atMs, index) => {
    const last = failures[index + FAILURES_MAX - 1];
    return last !== undefined && last - atMs <= FAILURE_WINDOW_MS;
  });
