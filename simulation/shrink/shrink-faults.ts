import type { InjectedFault } from "../faults/fault-kind.ts";
import type { SeedOptions, SeedResult } from "../seed-run.ts";
import { shrinkList } from "./shrink-list.ts";

/** Which seed fails how, and how often it may be run to find out why. */
export type ShrinkFaultsInput = {
  readonly options: SeedOptions;
  /** The name of the invariant that has to break for a run to count as the same failure. */
  readonly invariant: string;
  readonly triesMax: number;
  readonly runSeed: (options: SeedOptions) => Promise<SeedResult>;
};

/** As few faults as still break the invariant. */
export type ShrunkFaults = {
  /** In the order in which they struck. */
  readonly faults: readonly InjectedFault[];
  /** Whether some could be left out, so that the others have to be named. */
  readonly isShrunk: boolean;
  readonly isMinimal: boolean;
  readonly tries: number;
};

/**
 * Leaves out faults of a failing seed while it still breaks the same invariant. Faults are named
 * within their seed, so that leaving one out moves no other; faults that only strike because of
 * others are found again in every run. Throws where the seed does not fail at all.
 */
export const shrinkFaults = async (input: ShrinkFaultsInput): Promise<ShrunkFaults> => {
  const { options, invariant, triesMax, runSeed } = input;
  const first = await runSeed(options);
  const brokenAtMs = first.violations.find((each) => each.invariant === invariant)?.atMs;
  if (brokenAtMs === undefined) {
    throw new Error(`Seed ${options.seed} does not break ${invariant} when it is run again.`);
  }
  // What strikes later has nothing to do with it; what is alike is left out together.
  const candidates = first.injected
    .filter(({ atMs }) => atMs <= brokenAtMs)
    .toSorted((left, right) => (left.kind < right.kind ? -1 : left.kind > right.kind ? 1 : 0));
  const fails = async (faults: readonly InjectedFault[]): Promise<boolean> => {
    const onlyFaults = new Set(faults.map(({ number }) => number));
    const { violations } = await runSeed({ ...options, onlyFaults });
    return violations.some((each) => each.invariant === invariant);
  };
  const unshrunk = { faults: first.injected, isShrunk: false, isMinimal: false, tries: 1 };
  if (!(await fails(candidates))) return unshrunk;
  const { items, isMinimal, tries } = await shrinkList(candidates, fails, triesMax);
  const faults = items.toSorted((left, right) => left.atMs - right.atMs);
  return { faults, isShrunk: true, isMinimal, tries: tries + 2 };
};
