import type { FailoverReport } from "../../domain/failover/failover-report.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FailoverReports } from "../../ports/failover-reports.ts";

/** What the last drills of failovers came to, newest first. */
type DrillsView = { readonly atMs: number; readonly drills: readonly FailoverReport[] };

const DRILLS_MAX = 20;

/** Reads the reports that this Region keeps. */
export const createReadDrills =
  (deps: { readonly drills: Pick<FailoverReports, "list">; readonly clock: Clock }) =>
  async (): Promise<DrillsView> => ({
    atMs: deps.clock.nowMs(),
    drills: await deps.drills.list(DRILLS_MAX),
  });
