import type { DrillManifest } from "../domain/failover/deployed-drill.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alert, Alerts } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { DrillManifests } from "../ports/drill-manifests.ts";
import type { Experiments } from "../ports/experiments.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/** What a look at the drills came to. */
export type DrillsWatched = {
  /** Faults that are injected and belong to a drill that is in time. */
  readonly running: number;
  /** Faults that were ended because nobody else did. */
  readonly stopped: number;
  /** Drills whose own workflow is gone, and that are closed now. */
  readonly closed: number;
};

/** What the watch needs; none of it is in the Region that is struck but the faults themselves. */
export type WatchDrillsDeps = {
  readonly experiments: Pick<Experiments, "list" | "stop">;
  readonly manifests: Pick<DrillManifests, "list" | "save">;
  readonly alerts: Alerts;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Pick<Settings, "mode" | "region">;
};

const DRILLS_LOOKED_AT = 10;

/**
 * Ends every fault that no drill in time stands for: the drill is over, late, or has no manifest.
 * What it told of is over as soon as nothing of that drill is injected any more. It depends on
 * nothing that runs the drill. Throws `RetryableError`; the next run does it again.
 */
export const createWatchDrills = (deps: WatchDrillsDeps) => async (): Promise<DrillsWatched> => {
  const { experiments, manifests, clock } = deps;
  const drills = await manifests.list(DRILLS_LOOKED_AT);
  const known = await experiments.list();
  const running = known.filter(({ isRunning }) => isRunning);
  const left = running.filter(({ drillId, isStopping }) => {
    if (isStopping) return false;
    const drill = drills.find((one) => one.drillId === drillId);
    return drill === undefined || isOver(drill, clock.nowMs());
  });
  for (const { id, drillId } of left) {
    await experiments.stop(id);
    await tell(deps, drillId, `The experiment ${id} was left running and is ended now.`);
  }
  const stale = drills.filter(
    (drill) =>
      drill.restoredAtMs === null &&
      clock.nowMs() >= drill.restoreByMs &&
      !running.some(({ drillId }) => drillId === drill.drillId),
  );
  for (const drill of stale) {
    await manifests.save({ ...drill, restoredAtMs: clock.nowMs() });
    await tell(deps, drill.drillId, "The drill did not restore by itself; nothing is injected.");
  }
  // What is told of in this run is over in the next at the earliest: first people have to see it.
  const told = new Set([...left, ...stale].map(({ drillId }) => drillId));
  const over = drills.filter(({ restoredAtMs }) => restoredAtMs !== null);
  for (const drillId of new Set([...over, ...known].map((one) => one.drillId))) {
    const isRunning = running.some((one) => one.drillId === drillId);
    if (!isRunning && !told.has(drillId)) await tellOfEnd(deps, drillId);
  }
  return { running: running.length, stopped: left.length, closed: stale.length };
};

const isOver = ({ restoredAtMs, restoreByMs }: DrillManifest, nowMs: number): boolean =>
  restoredAtMs !== null || nowMs >= restoreByMs;

const tell = (deps: WatchDrillsDeps, drillId: string, summary: string): Promise<void> =>
  publish(deps, drillId, { action: "trigger", severity: "critical", summary });

const tellOfEnd = (deps: WatchDrillsDeps, drillId: string): Promise<void> => {
  const summary = "Nothing of the drill is injected any more.";
  return publish(deps, drillId, { action: "resolve", severity: "info", summary });
};

const publish = async (
  { alerts, clock, settings }: WatchDrillsDeps,
  drillId: string,
  { summary, ...words }: Pick<Alert, "action" | "severity" | "summary">,
): Promise<void> => {
  const published = alerts.publish({
    ...words,
    key: `drill-left-${drillId}`.slice(0, 255),
    summary: `${summary} Seen from ${settings.region}.`,
    component: "watch-drills",
    mode: settings.mode,
    atMs: clock.nowMs(),
    runbook: "failover-drill",
    isOfThisRegion: true,
  });
  await tolerateLoss(published);
};
