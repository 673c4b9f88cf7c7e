import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** The other Region, and its side of telemetry as it is replicated here. */
export type Peer = {
  readonly region: string;
  readonly telemetry: Pick<Telemetry, "loadEvidence">;
};

/** What watching the other Region needs. */
export type WatchPeerDeps = {
  readonly peer: Peer;
  readonly telemetry: Pick<Telemetry, "recordEvidence" | "loadAlert">;
  readonly alerts: Alerts;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Pick<Settings, "mode">;
};

/** Three of its looks at health; replication and clocks take seconds. */
const SILENCE_MAX_MS = 185_000;

/**
 * Looks whether the other Region still derives its health: a Region that is gone cannot say so. Its
 * silence is evidence here, and an alert that ends when it is heard again.
 */
export const watchPeer = async ({
  peer,
  telemetry,
  alerts,
  clock,
  settings,
}: WatchPeerDeps): Promise<void> => {
  const [newest] = await peer.telemetry.loadEvidence("aggregate-health", 1);
  const atMs = clock.nowMs();
  const silentMs = newest === undefined ? null : atMs - newest.atMs;
  const isHeard = silentMs !== null && silentMs <= SILENCE_MAX_MS;
  const since = silentMs === null ? "was never heard" : `is silent for ${seconds(silentMs)} s`;
  const detail = isHeard ? `${peer.region} is heard.` : `${peer.region} ${since}.`;
  await telemetry.recordEvidence({
    component: "peer-region",
    atMs,
    succeeded: isHeard,
    detail,
    latencyMs: null,
    dataAgeMs: null,
    fault: null,
  });
  const key = `peer-silent-${peer.region}`;
  if (isHeard && (await telemetry.loadAlert(key))?.alert.action !== "trigger") return;
  await alerts.publish({
    key,
    action: isHeard ? "resolve" : "trigger",
    severity: isHeard ? "info" : "critical",
    // Without the time, so that what goes on is told once.
    summary: isHeard ? detail : `${peer.region} derives no health any more, seen from outside.`,
    component: "peer-region",
    mode: settings.mode,
    atMs,
    runbook: "heartbeat-missing",
  });
};

const seconds = (ms: number): string => Math.round(ms / 1_000).toString();
