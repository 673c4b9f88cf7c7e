/** What a drill breaks in the Region that trades, once for each experiment that is deployed. */
export const DRILL_SCENARIOS = ["region-loss", "partition", "mid-order"] as const;

/**
 * One of them. `region-loss`: its functions fail before they do anything, and replication stops.
 * `partition`: it loses the ledger alone. `mid-order`: orders are sent and their answers lost, and
 * nobody says any more that the Region lives.
 */
export type DrillScenario = (typeof DRILL_SCENARIOS)[number];

/** By these tags an experiment is found, and known as one of a drill. */
export const DRILL_TAGS = { scenario: "holdfast-drill", drillId: "holdfast-drill-id" } as const;

/** A drill against what is deployed: written before anything is changed, and kept up to date. */
export type DrillManifest = {
  readonly drillId: string;
  readonly scenario: DrillScenario;
  /** The Region that is struck, and the one that takes over and runs the drill. */
  readonly from: string;
  readonly to: string;
  readonly account: string;
  /** The epoch before the strike. */
  readonly epoch: number;
  /** Epoch ms, as every moment below; null while it has not come. */
  readonly beganAtMs: number;
  /** What was broken is restored then, by whoever is still there. */
  readonly restoreByMs: number;
  /** The report is written then, whatever it says. */
  readonly reportByMs: number;
  readonly experimentId: string | null;
  readonly struckAtMs: number | null;
  /** The last beat of the struck Region's lease, and when it came; null where none came since. */
  readonly beat: number | null;
  readonly beatAtMs: number | null;
  readonly fencedAtMs: number | null;
  readonly activeAtMs: number | null;
  readonly restoredAtMs: number | null;
  readonly reportedAtMs: number | null;
};

const MINUTE_MS = 60_000;
/**
 * The faults end by themselves after ten minutes; this is the time to see them and to stop them.
 */
export const RESTORE_WITHIN_MS = 15 * MINUTE_MS;
/** A minute to be well again, several to trade again, in a quiet market. */
const REPORT_WITHIN_MS = RESTORE_WITHIN_MS + 15 * MINUTE_MS;

/** A drill that begins now; nothing is broken yet. */
export const newDrill = (
  drill: Pick<DrillManifest, "drillId" | "scenario" | "from" | "to" | "account" | "epoch">,
  beganAtMs: number,
): DrillManifest => ({
  ...drill,
  beganAtMs,
  restoreByMs: beganAtMs + RESTORE_WITHIN_MS,
  reportByMs: beganAtMs + REPORT_WITHIN_MS,
  experimentId: null,
  struckAtMs: null,
  beat: null,
  beatAtMs: null,
  fencedAtMs: null,
  activeAtMs: null,
  restoredAtMs: null,
  reportedAtMs: null,
});

/** The scenario of a month: each in its turn. */
export const scenarioOfMonth = (atMs: number): DrillScenario => {
  const month = new Date(atMs).getUTCMonth();
  return DRILL_SCENARIOS[month % DRILL_SCENARIOS.length] ?? "region-loss";
};

/**
 * Seconds from the struck Region's last sign of life, or from the strike where it gave none since,
 * until a moment; null while that has not come. A fault that comes slowly is no slow failover.
 */
export const secondsSinceLife = (
  { beatAtMs, struckAtMs }: Pick<DrillManifest, "beatAtMs" | "struckAtMs">,
  atMs: number | null,
): number | null => {
  const sinceMs = beatAtMs ?? struckAtMs;
  return atMs === null || sinceMs === null
    ? null
    : Math.max(0, Math.round((atMs - sinceMs) / 1_000));
};
