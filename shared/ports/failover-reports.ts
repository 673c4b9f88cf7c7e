import type { FailoverReport } from "../domain/failover/failover-report.ts";

/** The reports of drills, kept for as long as the archive keeps. Throws `RetryableError`. */
export type FailoverReports = {
  readonly keep: (report: FailoverReport) => Promise<void>;
  /** Newest first, at most `limit`; what cannot be read as a report is left out. */
  readonly list: (limit: number) => Promise<readonly FailoverReport[]>;
};
