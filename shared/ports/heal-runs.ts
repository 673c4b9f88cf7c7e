/** Runs of the heal workflow that a person asks for. Throws `RetryableError`. */
export type HealRuns = {
  /**
   * Starts one under this name, beside those of the schedule; the same name starts nothing twice.
   */
  readonly start: (name: string) => Promise<void>;
};
