import { RetryableError } from "../domain/fault.ts";
import { stoppedAt, type FunnelCounts } from "../domain/funnel/funnel.ts";
import { marketPhase } from "../domain/market/calendar.ts";
import { ZERO_SHARES } from "../domain/market/quantity.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import { firstOrder, type Order } from "../domain/orders/order.ts";
import type { OrderEvent } from "../domain/orders/order-event.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import {
  changeTradingState,
  claimOrder,
  type ClaimProgress,
  progressClaim,
} from "../domain/risk/change-cell.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { type Approved, guardOrder } from "../domain/risk/guard.ts";
import { type Settings, shardOf } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Broker, SubmitOutcome } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Random } from "../ports/random.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { isOrderOf } from "./is-order-of.ts";
import { updateCell } from "./update-cell.ts";

/** What came of one intent. */
export type ExecuteOutcome = {
  readonly type: "acknowledged" | "rejected" | "denied" | "unknown" | "shed" | "duplicate";
  /** Names of the guard's reasons, or the broker's words. */
  readonly reasons: readonly string[];
};

/** How long the function that asks may still run. */
export type Deadline = { readonly remainingMs: () => number };

/** Guards, claims, submits and records one intent. */
export type ExecuteOrder = (intent: OrderIntent, deadline: Deadline) => Promise<ExecuteOutcome>;

/** What executing an order needs. */
export type ExecuteOrderDeps = {
  readonly ledger: Ledger;
  readonly broker: Broker;
  readonly telemetry: Telemetry;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
};

/** An order leaves us within this time of its claim or not at all. */
const SUBMIT_WITHIN_MS = 10_000;
/** Kept back for recording the answer before the function's own time-out. */
const RECORDING_MS = 5_000;
/** With less than this left an order is not begun. */
const LEAST_MS = 2_000;
const CLAIM_TRIES_MAX = 8;

/**
 * Sends one order exactly once: the intent is stored if absent, the guard looks at the newest cell,
 * one conditional write claims the order, and only then it is submitted, with its answer recorded
 * by the outcome table of the design. A redelivery finds the claim or the history and sends
 * nothing. Throws `RetryableError` when nothing was sent and another try may help.
 */
export const createExecuteOrder =
  (deps: ExecuteOrderDeps): ExecuteOrder =>
  async (intent, deadline) => {
    const startedAtMs = deps.clock.monotonicMs();
    const outcome = await execute(deps, intent, deadline);
    await tolerateLoss(
      deps.telemetry.recordEvidence({
        component: "execute-orders",
        atMs: deps.clock.nowMs(),
        succeeded: outcome.type !== "unknown",
        detail: `${intent.clientOrderId}: ${[outcome.type, ...outcome.reasons].join(", ")}`,
        latencyMs: deps.clock.monotonicMs() - startedAtMs,
        dataAgeMs: null,
        fault: outcome.reasons[0] === "unauthorized" ? "configuration" : null,
      }),
    );
    return outcome;
  };

const execute = async (
  deps: ExecuteOrderDeps,
  intent: OrderIntent,
  deadline: Deadline,
): Promise<ExecuteOutcome> => {
  const order = await recordIntent(deps, intent);
  if (order.state.name !== "new" && order.state.name !== "notSent") {
    return { type: "duplicate", reasons: [order.state.name] };
  }
  if (deps.clock.nowMs() >= order.intent.validUntilMs) return shed(deps, order);
  const claimed = await claim(deps, order);
  if (claimed.type === "denied") return deny(deps, order, claimed.reasons);
  return submit(deps, { ...claimed, order }, deadline);
};

/** A claim that is stored: the order may be sent until `submitByMs`, and by nobody else. */
type Claimed = {
  readonly type: "claimed";
  readonly approved: Approved<OrderIntent>;
  readonly cell: ControlCell;
  readonly claimId: string;
  readonly claimedAtMs: number;
  readonly submitByMs: number;
  /** The same moment on the clock that never goes back. */
  readonly submitByMonotonicMs: number;
};

type Claim = Claimed | { readonly type: "denied"; readonly reasons: readonly string[] };

type ClaimedOrder = Claimed & { readonly order: Order };

/** Stores the intent if absent; a redelivery finds the first one and what became of it. */
const recordIntent = async (deps: ExecuteOrderDeps, intent: OrderIntent): Promise<Order> => {
  const atMs = deps.clock.nowMs();
  const recordedBy = deps.random.id();
  const event: OrderEvent = { type: "intentRecorded", atMs, intent, recordedBy };
  const stored = await deps.ledger.appendEvents(intent.clientOrderId, 0, [event]);
  if (stored.ok) return firstOrder(event);
  if (stored.error.type !== "EventConflict") {
    throw new RetryableError(`The intent was not stored: ${stored.error.detail}`);
  }
  const loaded = await deps.ledger.loadOrder(intent.clientOrderId);
  if (!loaded.ok) throw new RetryableError(`The order was not read: ${loaded.error.detail}`);
  if (loaded.value === undefined) throw new RetryableError("The stored intent was not found.");
  return loaded.value;
};

/** Asks the guard and writes the claim, again for every version of the cell that others wrote. */
const claim = async (deps: ExecuteOrderDeps, order: Order): Promise<Claim> => {
  const { intent } = order;
  const loaded = await deps.ledger.loadCell(intent.account);
  if (!loaded.ok) throw new RetryableError(`The cell was not read: ${loaded.error.detail}`);
  if (loaded.value === undefined) return { type: "denied", reasons: ["accountUnknown"] };
  let cell = loaded.value;
  const quote = await latestQuote(deps, intent);
  const claimId = deps.random.id();
  for (let tries = 0; tries < CLAIM_TRIES_MAX; tries++) {
    const nowMs = deps.clock.nowMs();
    const moment = marketPhase(nowMs);
    const session = moment.phase === "open" ? moment.session : undefined;
    const region = deps.settings.region;
    const decision = guardOrder({ intent, cell, quote, session, region, nowMs });
    if (!decision.ok) {
      return { type: "denied", reasons: decision.error.map((denial) => denial.reason) };
    }
    const submitByMs = Math.min(nowMs + SUBMIT_WITHIN_MS, intent.validUntilMs);
    const submitByMonotonicMs = deps.clock.monotonicMs() + (submitByMs - nowMs);
    const next = claimOrder(cell, decision.value, { claimId, nowMs, submitByMs });
    if (!next.ok) throw new RetryableError("The cell moved while it was looked at.");
    const terms = { claimId, claimedAtMs: nowMs, submitByMs, submitByMonotonicMs };
    const claimed = { type: "claimed", approved: decision.value, ...terms } as const;
    const expected = { version: cell.version, epoch: cell.epoch };
    const saved = await deps.ledger.saveCell(next.value, expected);
    if (saved.ok) return { ...claimed, cell: next.value };
    const current =
      saved.error.type === "CellConflict"
        ? saved.error.current
        : await rereadCell(deps.ledger, intent.account);
    if (current === undefined) throw new RetryableError("The account's cell is not there.");
    // The write may have landed and its answer been lost: the claim's name tells.
    const ours = current.inFlight[intent.clientOrderId];
    if (ours?.claimId === claimId) return { ...claimed, cell: current };
    cell = current;
  }
  throw new RetryableError(`The cell was written by others ${CLAIM_TRIES_MAX} times in a row.`);
};

const rereadCell = async (ledger: Ledger, account: string): Promise<ControlCell | undefined> => {
  const loaded = await ledger.loadCell(account);
  if (!loaded.ok) throw new RetryableError(`The claim's fate is not known: ${loaded.error.detail}`);
  return loaded.value;
};

/** The last known quote; an exit goes on without one. */
const latestQuote = async (
  deps: ExecuteOrderDeps,
  intent: OrderIntent,
): Promise<ValidQuote | undefined> => {
  const shard = shardOf(intent.symbol, deps.settings);
  if (shard === undefined) return undefined;
  try {
    const quotes = await deps.telemetry.loadQuotes(shard);
    return quotes.find((quote) => quote.symbol === intent.symbol);
  } catch (error) {
    if (intent.purpose === "exit" && error instanceof RetryableError) return undefined;
    throw error;
  }
};

const submit = async (
  deps: ExecuteOrderDeps,
  claimed: ClaimedOrder,
  deadline: Deadline,
): Promise<ExecuteOutcome> => {
  const ownMs = deadline.remainingMs() - RECORDING_MS;
  const leftMs = Math.min(claimed.submitByMonotonicMs - deps.clock.monotonicMs(), ownMs);
  if (leftMs < LEAST_MS) {
    await release(deps, claimed, { type: "notSent", detail: "Too little time was left." });
    throw new RetryableError("The order was not sent: too little time was left.");
  }
  const outcome = await deps.broker.submitOrder(claimed.approved, leftMs);
  return settle(deps, claimed, outcome);
};

/** Records what the broker's answer means; nothing here sends anything again. */
const settle = async (
  deps: ExecuteOrderDeps,
  claimed: ClaimedOrder,
  outcome: SubmitOutcome,
): Promise<ExecuteOutcome> => {
  const atMs = deps.clock.nowMs();
  switch (outcome.type) {
    case "alreadyExists":
      if (!isOrderOf(claimed.order.intent, outcome.order)) {
        return haltForForeignOrder(deps, claimed, outcome.order.brokerOrderId);
      }
      return acknowledge(deps, claimed, outcome.order.brokerOrderId);
    case "acknowledged":
      return acknowledge(deps, claimed, outcome.order.brokerOrderId);
    case "rejected":
      await release(deps, claimed, outcome);
      await count(deps, claimed.order, {
        passed: { approved: 1, submitted: 1 },
        stopped: { [stoppedAt("acknowledged", `rejected ${outcome.code}`)]: 1 },
      });
      return { type: "rejected", reasons: [outcome.code, outcome.detail] };
    case "unauthorized":
      await release(deps, claimed, { type: "notSent", detail: outcome.detail });
      await halt(deps, claimed.cell, `The broker refused our credentials: ${outcome.detail}`);
      return { type: "rejected", reasons: ["unauthorized", outcome.detail] };
    case "notSent":
      await release(deps, claimed, outcome);
      throw new RetryableError(`The order was not sent: ${outcome.detail}`);
    case "unknown":
      await append(deps, claimed, { type: "submissionUnknown", atMs, cause: outcome.detail });
      await updateCell(deps.ledger, claimed.cell, (cell) =>
        progressClaim(cell, claimed.order.intent.clientOrderId, { type: "unknown" }, atMs),
      );
      await count(deps, claimed.order, {
        passed: { approved: 1, submitted: 1 },
        stopped: { [stoppedAt("acknowledged", "unknown")]: 1 },
      });
      return { type: "unknown", reasons: [outcome.detail] };
  }
};

const acknowledge = async (
  deps: ExecuteOrderDeps,
  claimed: ClaimedOrder,
  brokerOrderId: string,
): Promise<ExecuteOutcome> => {
  await append(deps, claimed, { type: "acknowledged", atMs: deps.clock.nowMs(), brokerOrderId });
  const passed = { approved: 1, submitted: 1, acknowledged: 1 };
  await count(deps, claimed.order, { passed, stopped: {} });
  return { type: "acknowledged", reasons: [] };
};

/** Records that the order is certainly not at the broker, and gives its exposure back. */
const release = async (
  deps: ExecuteOrderDeps,
  claimed: ClaimedOrder,
  outcome: { readonly type: "notSent" | "rejected"; readonly detail: string },
): Promise<void> => {
  const atMs = deps.clock.nowMs();
  const event: OrderEvent =
    outcome.type === "rejected"
      ? { type: "rejected", atMs, reason: outcome.detail }
      : { type: "notSent", atMs, cause: outcome.detail };
  await append(deps, claimed, event);
  const progress: ClaimProgress =
    outcome.type === "notSent"
      ? { type: "neverSent" }
      : { type: "ended", cumulativeFilled: ZERO_SHARES, averagePrice: null };
  await updateCell(deps.ledger, claimed.cell, (cell) =>
    progressClaim(cell, claimed.order.intent.clientOrderId, progress, atMs),
  );
};

/** The broker holds another order under our id: nothing may be sent until a person has looked. */
const haltForForeignOrder = async (
  deps: ExecuteOrderDeps,
  claimed: ClaimedOrder,
  brokerOrderId: string,
): Promise<ExecuteOutcome> => {
  await append(deps, claimed, { type: "orphaned", atMs: deps.clock.nowMs(), brokerOrderId });
  const reason = `The broker has another order under ${claimed.order.intent.clientOrderId}.`;
  await halt(deps, claimed.cell, reason);
  return { type: "unknown", reasons: [reason] };
};

const halt = async (deps: ExecuteOrderDeps, cell: ControlCell, reason: string): Promise<void> => {
  const atMs = deps.clock.nowMs();
  await updateCell(deps.ledger, cell, (current) =>
    changeTradingState(current, { mode: "halted", reason, by: "execute-orders", atMs }),
  );
  await deps.alerts.publish({
    key: `trading-halted-${cell.account}`,
    action: "trigger",
    severity: "critical",
    summary: reason,
    component: "execute-orders",
    mode: deps.settings.mode,
    atMs,
    runbook: "trading-halted",
  });
};

/** Adds the claim and what followed it to the order's history, in one write. */
const append = async (
  deps: ExecuteOrderDeps,
  claimed: ClaimedOrder,
  event: OrderEvent,
): Promise<void> => {
  const { order, cell, claimId, claimedAtMs, submitByMs } = claimed;
  const first: OrderEvent = {
    type: "claimed",
    atMs: claimedAtMs,
    epoch: cell.epoch,
    claimId,
    submitByMs,
  };
  const id = order.intent.clientOrderId;
  const stored = await deps.ledger.appendEvents(id, order.eventCount, [first, event]);
  // Reconciliation may have been faster: it has then recorded the same order from the broker.
  if (stored.ok || stored.error.type === "EventConflict") return;
  throw new RetryableError(`The order's history was not written: ${stored.error.detail}`);
};

const deny = async (
  deps: ExecuteOrderDeps,
  order: Order,
  reasons: readonly string[],
): Promise<ExecuteOutcome> => {
  // Claimed by an earlier delivery that did not come back: reconciliation settles it.
  if (reasons.includes("alreadyClaimed")) return { type: "duplicate", reasons };
  const atMs = deps.clock.nowMs();
  const event: OrderEvent =
    order.state.name === "new"
      ? { type: "denied", atMs, reasons }
      : { type: "expired", atMs, cause: `Denied: ${reasons.join(", ")}` };
  await deps.ledger.appendEvents(order.intent.clientOrderId, order.eventCount, [event]);
  const stopped = Object.fromEntries(reasons.map((reason) => [stoppedAt("approved", reason), 1]));
  await count(deps, order, { passed: {}, stopped });
  return { type: "denied", reasons };
};

/** Too late to be sent: recorded, and the order is never tried again. */
const shed = async (deps: ExecuteOrderDeps, order: Order): Promise<ExecuteOutcome> => {
  const cause = "It was not sent while it was valid.";
  const event: OrderEvent = { type: "expired", atMs: deps.clock.nowMs(), cause };
  await deps.ledger.appendEvents(order.intent.clientOrderId, order.eventCount, [event]);
  const stopped = { [stoppedAt("approved", "intentExpired")]: 1 };
  await count(deps, order, { passed: {}, stopped });
  return { type: "shed", reasons: ["intentExpired"] };
};

const count = (deps: ExecuteOrderDeps, order: Order, counts: FunnelCounts): Promise<void> =>
  tolerateLoss(deps.telemetry.addToFunnel(order.intent.sessionDate, counts));

/** Telemetry may be lost; an order whose fate is recorded is not delivered again for its sake. */
const tolerateLoss = async (write: Promise<void>): Promise<void> => {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
  }
};
