import type { Clock } from "../../ports/clock.ts";
import type { AlertRecord, Telemetry } from "../../ports/telemetry.ts";

/** The incidents of the last days in this Region. */
type AlertsView = {
  readonly atMs: number;
  /** Those that stand first, then the newest first. */
  readonly alerts: readonly (AlertRecord["alert"] & {
    readonly toldAtMs: number | null;
    readonly beganAtMs: number;
  })[];
};

const ALERTS_MAX = 200;

/** Reads the last word about each incident, and whether it was handed over. */
export const createReadAlerts =
  (deps: { readonly telemetry: Pick<Telemetry, "loadAlerts">; readonly clock: Clock }) =>
  async (): Promise<AlertsView> => {
    const records = await deps.telemetry.loadAlerts(ALERTS_MAX);
    const alerts = records
      .map(({ alert, toldAtMs, beganAtMs = alert.atMs }) => ({ ...alert, toldAtMs, beganAtMs }))
      .toSorted(
        (left, right) =>
          Number(left.action === "resolve") - Number(right.action === "resolve") ||
          right.atMs - left.atMs,
      );
    return { atMs: deps.clock.nowMs(), alerts };
  };
