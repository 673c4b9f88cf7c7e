import { secondsSinceLife, type DrillManifest } from "../domain/failover/deployed-drill.ts";
import { isFailoverOk, type FailoverRow } from "../domain/failover/failover-row.ts";
import { RetryableError } from "../domain/fault.ts";
import { decisionOfClientOrderId, parseClientOrderId } from "../domain/orders/client-order-id.ts";
import type { BrokerOrder } from "../domain/orders/broker-state.ts";
import type { Result } from "../domain/result.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Broker } from "../ports/broker.ts";
import type { Experiment } from "../ports/experiments.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** What a drill is scored from: the broker's own list, the ledger, and what people were told. */
export type ScoreDrillDeps = {
  readonly broker: Pick<Broker, "listOrders">;
  readonly ledger: Pick<Ledger, "loadCell" | "loadEvents">;
  readonly telemetry: Pick<Telemetry, "loadAlerts">;
  /** The struck Region's side of telemetry, as it is replicated here. */
  readonly peerTelemetry: Pick<Telemetry, "loadEvidence">;
};

/** Orders that were sent shortly before the strike are the ones in danger. */
const LOOK_BACK_MS = 10 * 60_000;
/** Orders of a drill's time; more would not be one account's. */
const ORDERS_MAX = 2_000;
const ALERTS_MAX = 200;
/** Reads of histories at the same time. */
const AT_ONCE = 20;

/** Scores a drill as it stands. Throws `RetryableError` where ledger or broker do not answer. */
export const scoreDrill = async (
  deps: ScoreDrillDeps,
  drill: DrillManifest,
  experiments: readonly Experiment[],
): Promise<FailoverRow> => {
  const orders = orRetry(await deps.broker.listOrders(drill.beganAtMs - LOOK_BACK_MS));
  const ours = orders
    .filter(({ clientOrderId }) => parseClientOrderId(clientOrderId))
    .slice(-ORDERS_MAX);
  const cell = orRetry(await deps.ledger.loadCell(drill.account));
  if (cell === undefined) throw new RetryableError("The account's cell is not there.");
  const { lost, unguarded } = await compareHistories(deps, ours);
  const decisions = new Set(
    ours.map(({ clientOrderId }) => decisionOfClientOrderId(clientOrderId)),
  );
  const { activeAtMs, fencedAtMs } = drill;
  const row = {
    scenario: drill.scenario,
    from: drill.from,
    to: drill.to,
    speed: 1,
    ordersSent: ours.length,
    doubled: ours.length - decisions.size,
    unguarded,
    lost,
    unknownLeft: Object.values(cell.inFlight).filter(({ stage }) => stage === "unknown").length,
    secondsToFence: secondsSinceLife(drill, fencedAtMs),
    secondsToActive: secondsSinceLife(drill, activeAtMs),
    alerts: await alertsSince(deps, drill.beganAtMs),
    tradesAgain:
      activeAtMs !== null && ours.some(({ submittedAtMs }) => (submittedAtMs ?? 0) > activeAtMs),
    ledgerEqualsBroker: cell.reconciliation.state === "clean",
    isRestored: await isRestored(deps, drill, cell, experiments),
    differences: [],
  };
  return { ...row, ok: isFailoverOk(row) };
};

const orRetry = <Value>(read: Result<Value, { readonly detail: string }>): Value => {
  if (read.ok) return read.value;
  throw new RetryableError(read.error.detail);
};

/** Orders of which the ledger has no history, and those whose history has no claim before them. */
const compareHistories = async (
  { ledger }: ScoreDrillDeps,
  orders: readonly BrokerOrder[],
): Promise<Pick<FailoverRow, "lost" | "unguarded">> => {
  let [lost, unguarded] = [0, 0];
  for (let start = 0; start < orders.length; start += AT_ONCE) {
    const verdicts = await Promise.all(
      orders.slice(start, start + AT_ONCE).map((order) => judgeOrder(ledger, order)),
    );
    lost += verdicts.filter((verdict) => verdict === "lost").length;
    unguarded += verdicts.filter((verdict) => verdict === "unguarded").length;
  }
  return { lost, unguarded };
};

const judgeOrder = async (
  ledger: ScoreDrillDeps["ledger"],
  { clientOrderId }: BrokerOrder,
): Promise<"lost" | "unguarded" | "fine"> => {
  const id = parseClientOrderId(clientOrderId);
  if (id === undefined) return "lost";
  const events = orRetry(await ledger.loadEvents(id));
  if (events.length === 0) return "lost";
  // The order of a history is proof; our clock and the broker's are not compared.
  const claimed = events.findIndex(({ type }) => type === "claimed");
  const heardOf = events.findIndex(
    ({ type }) => type === "acknowledged" || type === "fillObserved",
  );
  const isGuarded = claimed !== -1 && (heardOf === -1 || claimed < heardOf);
  return isGuarded ? "fine" : "unguarded";
};

const alertsSince = async (
  { telemetry }: ScoreDrillDeps,
  sinceMs: number,
): Promise<readonly string[]> => {
  const records = await telemetry.loadAlerts(ALERTS_MAX);
  const keys = records.filter(({ alert }) => alert.atMs >= sinceMs).map(({ alert }) => alert.key);
  return [...new Set(keys)];
};

/** Nothing is injected any more, this Region trades, and the struck one keeps its watch again. */
const isRestored = async (
  { peerTelemetry }: ScoreDrillDeps,
  { drillId, restoredAtMs, to }: DrillManifest,
  { activeRegion, tradingState }: ControlCell,
  experiments: readonly Experiment[],
): Promise<boolean> => {
  const isRunning = experiments.some((one) => one.drillId === drillId && one.isRunning);
  const [watch] = await peerTelemetry.loadEvidence("keep-lease", 1);
  const isWatching =
    restoredAtMs !== null && watch !== undefined && watch.succeeded && watch.atMs > restoredAtMs;
  return !isRunning && isWatching && activeRegion === to && tradingState.mode === "active";
};
