import type { Configuration } from "../shared/runtime/configuration-schema.ts";
import type { FaultKind, InjectedFault } from "./faults/fault-kind.ts";
import type { Observation, WorldView } from "./observation.ts";

/** `safety`: faults all the time. `liveness`: they stop, and then the world has to come to rest. */
export type SimulationMode = "safety" | "liveness";

/** What a seed is run with. */
export type SeedOptions = {
  /** A whole number from 0 on. */
  readonly seed: number;
  /** Trading days; may be a fraction: 0.17 is about an hour. */
  readonly days: number;
  readonly mode: SimulationMode;
  /** Only these kinds may be enabled; all where absent. */
  readonly faultKinds?: readonly FaultKind[];
  /** Only faults of these numbers strike; every draw is made all the same, so nothing else moves. */
  readonly onlyFaults?: ReadonlySet<number>;
  /** A user's strategy and limits, in place of what is drawn from the seed. */
  readonly configuration?: Configuration;
  /** Keeps every observation in the result. */
  readonly keepTimeline?: boolean;
};

/** An invariant that did not hold. */
export type Violation = {
  /** The invariant's name. */
  readonly invariant: string;
  readonly atMs: number;
  /** A sentence. */
  readonly detail: string;
  readonly clientOrderId?: string;
};

/** A kind of fault that a seed has switched on, and how often it strikes where it can, 0 to 1. */
export type EnabledFault = { readonly kind: FaultKind; readonly rate: number };

/** What running a seed came to. */
export type SeedResult = {
  readonly seed: number;
  readonly mode: SimulationMode;
  readonly enabled: readonly EnabledFault[];
  /** Equal for two runs that did the same. */
  readonly traceHash: string;
  /** Events of the engine. */
  readonly events: number;
  readonly virtualMs: number;
  /** Orders that the broker took. */
  readonly orders: number;
  readonly injected: readonly InjectedFault[];
  readonly violations: readonly Violation[];
  readonly coverage: Readonly<Record<string, number>>;
  /** Every observation, oldest first; empty unless it was asked for. */
  readonly timeline: readonly Observation[];
};

/** Holds a world against what must always be true. */
export type Invariants = {
  readonly observe: (observation: Observation) => void;
  /** Called after every event of the engine in which something was observed. */
  readonly afterEvent: (view: WorldView) => readonly Violation[];
  /** Called once when the world has ended; in liveness mode progress is demanded here. */
  readonly atEnd: (view: WorldView, mode: SimulationMode) => readonly Violation[];
};

/** Counts what a world came across. */
export type Coverage = {
  readonly observe: (observation: Observation) => void;
  readonly counts: () => Readonly<Record<string, number>>;
};

/** What watches a seed; every run gets new ones. */
export type SeedWatchers = {
  readonly createInvariants: () => Invariants;
  readonly createCoverage: () => Coverage;
};
