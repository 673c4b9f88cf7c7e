import {
  newDrill,
  scenarioOfMonth,
  type DrillManifest,
  type DrillScenario,
} from "../domain/failover/deployed-drill.ts";
import { totalsOf } from "../domain/failover/failover-report.ts";
import type { FailoverRow } from "../domain/failover/failover-row.ts";
import { RetryableError, TerminalError } from "../domain/fault.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { isTakenOver } from "../domain/risk/trading-state.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { AuditTrail } from "../ports/audit-trail.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { DrillManifests } from "../ports/drill-manifests.ts";
import type { Experiment, Experiments } from "../ports/experiments.ts";
import type { FailoverReports } from "../ports/failover-reports.ts";
import type { Leases } from "../ports/leases.ts";
import { scoreDrill, type ScoreDrillDeps } from "./score-drill.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/**
 * What one step came to. `ready`: the manifest is kept and nothing is broken yet. `refused`:
 * nothing was changed. `waiting`: ask again. `done`: the next step may come.
 */
export type DrillStep = {
  readonly state: "ready" | "refused" | "waiting" | "done";
  /** One sentence. */
  readonly detail: string;
  /** Of a drill that is over: whether it held. */
  readonly ok?: boolean;
};

/** The steps of a drill; each may be repeated, and each begins with what the manifest says. */
export type DrillFailover = {
  /** Refuses, or writes the manifest; `next` takes the scenario whose turn it is this month. */
  readonly prepare: (drillId: string, scenario: DrillScenario | "next") => Promise<DrillStep>;
  /** Injects the faults into the Region that trades. */
  readonly strike: (drillId: string) => Promise<DrillStep>;
  /** Looks who has the account; `done` once it trades here, or when time is over. */
  readonly observe: (drillId: string) => Promise<DrillStep>;
  /** Ends the faults; `done` once none is left. */
  readonly restore: (drillId: string) => Promise<DrillStep>;
  /** Scores the drill and keeps its report; `waiting` while a better one may still come. */
  readonly report: (drillId: string) => Promise<DrillStep>;
};

/** What a drill needs; it runs in the Region that takes over. */
export type DrillFailoverDeps = ScoreDrillDeps & {
  readonly peerRegion: string;
  readonly experiments: Experiments;
  readonly manifests: DrillManifests;
  readonly reports: Pick<FailoverReports, "keep">;
  readonly leases: Pick<Leases, "load">;
  readonly broker: Pick<Broker, "listOrders" | "readClock">;
  readonly alerts: Alerts;
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
  readonly clock: Clock;
  readonly settings: Settings;
};

/** Half an hour of market must be left: a drill that trades no more proves nothing. */
const MARKET_LEFT_MS = 40 * 60_000;
const OPEN_DRILLS_LOOKED_AT = 5;

/** Makes the steps of a drill. Each throws `RetryableError` while something does not answer. */
export const createDrillFailover = (deps: DrillFailoverDeps): DrillFailover => ({
  prepare: (drillId, scenario) => prepare(deps, drillId, scenario),
  strike: async (drillId) => {
    const drill = await load(deps, drillId);
    if (drill.restoredAtMs !== null) return done("It was restored already.");
    // What beats after this moment is a sign of life; what was there before is none.
    const lease = await deps.leases.load(drill.account);
    const experimentId = await deps.experiments.start(drill.scenario, drillId);
    const struckAtMs = drill.struckAtMs ?? deps.clock.nowMs();
    const beat = drill.beat ?? lease?.beat ?? null;
    await deps.manifests.save({ ...drill, experimentId, struckAtMs, beat });
    return done(`${drill.scenario} strikes ${drill.from}.`);
  },
  observe: (drillId) => observe(deps, drillId),
  restore: async (drillId) => {
    const drill = await load(deps, drillId);
    const running = (await deps.experiments.list()).filter(
      (one) => one.drillId === drillId && one.isRunning,
    );
    for (const { id, isStopping } of running) {
      if (!isStopping) await deps.experiments.stop(id);
    }
    if (running.length > 0) return waiting("The faults are ended.");
    const restoredAtMs = drill.restoredAtMs ?? deps.clock.nowMs();
    await deps.manifests.save({ ...drill, restoredAtMs });
    return done(`Nothing is injected into ${drill.from} any more.`);
  },
  report: (drillId) => report(deps, drillId),
});

const done = (detail: string): DrillStep => ({ state: "done", detail });
const waiting = (detail: string): DrillStep => ({ state: "waiting", detail });
const refused = (detail: string): DrillStep => ({ state: "refused", detail });

const load = async ({ manifests }: DrillFailoverDeps, drillId: string): Promise<DrillManifest> => {
  const drill = await manifests.load(drillId);
  if (drill === undefined) throw new TerminalError("This drill has no manifest.");
  return drill;
};

const loadCell = async ({ ledger, settings }: DrillFailoverDeps): Promise<ControlCell> => {
  const cell = await ledger.loadCell(settings.account);
  if (cell.ok && cell.value !== undefined) return cell.value;
  throw new RetryableError("The account's cell cannot be read from here.");
};

const prepare = async (
  deps: DrillFailoverDeps,
  drillId: string,
  wanted: DrillScenario | "next",
): Promise<DrillStep> => {
  const { clock, manifests, peerRegion, settings } = deps;
  const [begun] = (await manifests.list(OPEN_DRILLS_LOOKED_AT)).filter(
    ({ reportedAtMs, reportByMs }) => reportedAtMs === null && clock.nowMs() < reportByMs,
  );
  // The answer to this very step was lost.
  if (begun?.drillId === drillId) return { state: "ready", detail: "The manifest is kept." };
  if (begun !== undefined) return refused(`The drill ${begun.drillId} is under way.`);
  const cell = await loadCell(deps);
  const obstacle = obstacleOf(cell, peerRegion) ?? (await marketObstacle(deps));
  if (obstacle !== undefined) return refused(obstacle);
  if ((await deps.experiments.list()).some(({ isRunning }) => isRunning)) {
    return refused(`Something is injected into ${peerRegion} already.`);
  }
  const { account, epoch } = cell;
  const scenario = wanted === "next" ? scenarioOfMonth(clock.nowMs()) : wanted;
  const drill = { drillId, scenario, from: peerRegion, to: settings.region, account, epoch };
  await record(deps, newDrill(drill, clock.nowMs()), "begins");
  await manifests.save(newDrill(drill, clock.nowMs()));
  return { state: "ready", detail: `${scenario} is to strike ${peerRegion}.` };
};

/** Nothing is broken on purpose that is not recorded; another try of the step records it again. */
const record = async (
  { audit, settings }: DrillFailoverDeps,
  { drillId, scenario, from, to, epoch }: DrillManifest,
  outcome: "begins" | "held" | "failed",
): Promise<void> => {
  const body = { drillId, scenario, from, to, outcome };
  const actor = `drill-failover@${settings.region}`;
  const recorded = await audit?.record({ kind: "drill", actor, epoch, body });
  if (recorded?.ok === false) throw new RetryableError(recorded.error.detail);
};

/** Only a healthy system is drilled; what stands against it, in one sentence. */
const obstacleOf = (cell: ControlCell, peerRegion: string): string | undefined => {
  const { activeRegion, reconciliation, tradingState } = cell;
  if (activeRegion !== peerRegion) {
    return `${activeRegion} trades: the drill is run in the Region that takes over from it.`;
  }
  if (isTakenOver(cell)) return "A takeover is under way.";
  if (tradingState.mode !== "active") return `Trading is ${tradingState.mode}.`;
  return reconciliation.state === "clean" ? undefined : "Ledger and broker do not agree.";
};

const marketObstacle = async ({
  broker,
  clock,
}: DrillFailoverDeps): Promise<string | undefined> => {
  const market = await broker.readClock();
  if (!market.ok) return `The broker cannot be reached from here: ${market.error.detail}`;
  const { isOpen, nextCloseMs } = market.value;
  return isOpen && nextCloseMs - clock.nowMs() >= MARKET_LEFT_MS
    ? undefined
    : "The market is closed, or closes soon: a drill needs trading.";
};

const observe = async (deps: DrillFailoverDeps, drillId: string): Promise<DrillStep> => {
  const drill = await load(deps, drillId);
  const nowMs = deps.clock.nowMs();
  const cell = await loadCell(deps);
  const isHere = cell.activeRegion === drill.to;
  const lease = isHere ? undefined : await deps.leases.load(drill.account);
  const isBeating = lease !== undefined && lease.beat !== drill.beat;
  const isActive = isHere && cell.tradingState.mode === "active";
  const seen: DrillManifest = {
    ...drill,
    ...(isBeating ? { beat: lease.beat, beatAtMs: nowMs } : {}),
    fencedAtMs: drill.fencedAtMs ?? (isHere ? nowMs : null),
    activeAtMs: drill.activeAtMs ?? (isActive ? nowMs : null),
  };
  if (JSON.stringify(seen) !== JSON.stringify(drill)) await deps.manifests.save(seen);
  if (seen.activeAtMs !== null) return done(`${drill.to} trades.`);
  if (nowMs >= drill.restoreByMs) return done("It took too long; the faults are ended.");
  return waiting(`${cell.activeRegion} has the account, ${cell.tradingState.mode}.`);
};

const report = async (deps: DrillFailoverDeps, drillId: string): Promise<DrillStep> => {
  const { clock, settings } = deps;
  const drill = await load(deps, drillId);
  if (drill.reportedAtMs !== null) return done("The report is kept.");
  const experiments = await deps.experiments.list();
  const row = await scoreDrill(deps, drill, experiments);
  const nowMs = clock.nowMs();
  if (!row.ok && nowMs < drill.reportByMs) return waiting("It is not well again yet.");
  await deps.reports.keep({
    what: "failover",
    mode: settings.mode,
    place: "aws",
    startedAtMs: drill.beganAtMs,
    endedAtMs: nowMs,
    seed: null,
    speed: 1,
    repeated: [],
    rows: [{ ...row, differences: wordsOf(experiments, drillId) }],
    totals: totalsOf([row]),
    ok: row.ok,
  });
  await record(deps, drill, row.ok ? "held" : "failed");
  await deps.manifests.save({ ...drill, reportedAtMs: nowMs });
  await tell(deps, drill, row.ok);
  return { ...done(verdictOf(row)), ok: row.ok };
};

/** What the drill came to, in one sentence; its report says where it did not hold. */
const verdictOf = (row: FailoverRow): string => {
  const { doubled, unguarded, lost, secondsToFence, secondsToActive } = row;
  const [fenced, active] = [secondsToFence, secondsToActive].map((seconds) =>
    seconds === null ? "never" : `after ${seconds} s`,
  );
  return (
    `The drill ${row.ok ? "held" : "failed"}: fenced ${fenced}, trading ${active}, ` +
    `${doubled} doubled, ${unguarded} unguarded, ${lost} lost.`
  );
};

/** What the service says of an experiment that did not simply run to its end. */
const wordsOf = (experiments: readonly Experiment[], drillId: string): readonly string[] =>
  experiments
    .filter((one) => one.drillId === drillId && /^(failed|cancelled)/.test(one.status))
    .map(({ id, status }) => `The experiment ${id} is ${status}`);

const tell = async (
  { alerts, clock, settings }: DrillFailoverDeps,
  { drillId, scenario, from, to }: DrillManifest,
  isOk: boolean,
): Promise<void> => {
  const verdict = isOk ? "held" : "failed: its report is in the archive";
  const publish = alerts.publish({
    key: `drill-${drillId}`,
    action: isOk ? "resolve" : "trigger",
    severity: isOk ? "info" : "error",
    summary: `The drill ${scenario} from ${from} to ${to} ${verdict}.`,
    component: "drill-failover",
    mode: settings.mode,
    atMs: clock.nowMs(),
    runbook: "failover-drill",
  });
  await tolerateLoss(publish);
};
