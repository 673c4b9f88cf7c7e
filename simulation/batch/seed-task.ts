import type { FaultKind, InjectedFault } from "../faults/fault-kind.ts";
import type { EnabledFault, SeedOptions, Violation } from "../seed-run.ts";

/** What a worker is asked for; everything in it can be posted to a thread. */
export type SeedTask =
  | { readonly type: "run"; readonly options: SeedOptions }
  /** Why a seed fails: as few faults as possible, and what happened. */
  | {
      readonly type: "explain";
      readonly options: SeedOptions;
      readonly invariant: string;
      /** How often the seed may be run for it. */
      readonly triesMax: number;
    };

/** What a worker answers. */
export type SeedAnswer =
  | { readonly type: "ran"; readonly summary: SeedSummary }
  | { readonly type: "explained"; readonly explanation: Explanation }
  /** The simulation itself broke, which is a defect as well. */
  | { readonly type: "broke"; readonly detail: string };

/** What is kept of a seed in a batch; a few hundred bytes, whatever happened in it. */
export type SeedSummary = {
  readonly seed: number;
  readonly enabled: readonly EnabledFault[];
  readonly traceHash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly orders: number;
  readonly faultsInjected: Readonly<Partial<Record<FaultKind, number>>>;
  readonly violations: readonly Violation[];
  readonly coverage: Readonly<Record<string, number>>;
};

/** A failing seed, shrunk and told. */
export type Explanation = {
  readonly violation: Violation;
  /** As few as still make it fail, in the order in which they struck. */
  readonly faults: readonly InjectedFault[];
  /** Whether the seed has to be told which faults strike: it struck more by itself. */
  readonly isShrunk: boolean;
  /** False where the tries ran out before leaving out any one more was tried. */
  readonly isMinimal: boolean;
  readonly tries: number;
  /** Lines for a person, oldest first. */
  readonly timeline: readonly string[];
};
