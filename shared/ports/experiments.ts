import type { DrillScenario } from "../domain/failover/deployed-drill.ts";

/** A fault that is or was injected into the other Region. */
export type Experiment = {
  readonly id: string;
  /** The drill it belongs to. */
  readonly drillId: string;
  readonly isRunning: boolean;
  /** It was asked to end and has not ended yet; it counts as running. */
  readonly isStopping: boolean;
  /** The service's own word, with its reason. */
  readonly status: string;
};

/** The faults that can be injected into the other Region. Every method throws `RetryableError`. */
export type Experiments = {
  /** Starts the scenario's experiment; the same drill starts nothing twice. Returns its id. */
  readonly start: (scenario: DrillScenario, drillId: string) => Promise<string>;
  /** Every experiment of ours that the service still knows. */
  readonly list: () => Promise<readonly Experiment[]>;
  /** Ends it; what is over is over already. */
  readonly stop: (id: string) => Promise<void>;
};
