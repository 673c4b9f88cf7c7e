import { RetryableError } from "../domain/fault.ts";
import { stoppedAt } from "../domain/funnel/funnel.ts";
import { marketPhase } from "../domain/market/calendar.ts";
import { firstOrder, type Order } from "../domain/orders/order.ts";
import type { OrderEvent } from "../domain/orders/order-event.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import type { Denial } from "../domain/risk/denial.ts";
import { isSizedByBroker } from "../domain/risk/guard/closable.ts";
import type { Broker } from "../ports/broker.ts";
import { brokerOf } from "./broker-of.ts";
import {
  claimIntent,
  type ClaimedOrder,
  type ClaimIntentDeps,
  isClaimable,
  loadOrder,
} from "./claim-intent.ts";
import { clearSymbol } from "./clear-symbol.ts";
import {
  count,
  settleSubmission,
  type SettleSubmissionDeps,
  withdraw,
} from "./settle-submission.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { loadCell } from "./update-cell.ts";

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
export type ExecuteOrderDeps = ClaimIntentDeps & SettleSubmissionDeps & { readonly broker: Broker };

/** Kept back for recording the answer before the function's own time-out. */
const RECORDING_MS = 5_000;
/** With less than this left an order is not begun. */
const LEAST_MS = 2_000;
/**
 * Longer than clearing a symbol may take within the function's time-out, and sending afterwards.
 */
const CLEARING_MS = 10_000;
/** What clearing takes at the least, and sending afterwards. */
const LEAST_CLEARING_MS = LEAST_MS + 1_000;

/**
 * Sends one order exactly once: the intent is stored if absent, the guard looks at the newest cell,
 * what stands against an allowed exit is cancelled and confirmed where the broker takes orders,
 * one conditional write claims the order, and only then it is submitted, with its answer recorded
 * by the outcome table of the design. A redelivery finds the claim or the history and sends
 * nothing. Throws `RetryableError` when nothing was sent and another try may help.
 */
export const createExecuteOrder = (given: ExecuteOrderDeps): ExecuteOrder => {
  const deps = { ...given, broker: brokerOf(given.settings.mode, given.broker) };
  return async (intent, deadline) => {
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
};

const execute = async (
  deps: ExecuteOrderDeps,
  intent: OrderIntent,
  deadline: Deadline,
): Promise<ExecuteOutcome> => {
  // The cell first: a claim against it then proves that nobody settled the order in between.
  const cell = await loadCell(deps.ledger, intent.account);
  const order = await recordIntent(deps, intent);
  if (!isClaimable(order)) return { type: "duplicate", reasons: [order.state.name] };
  if (deps.clock.nowMs() >= order.intent.validUntilMs) return shed(deps, order);
  let attempt = await claimIntent(deps, { cell, order });
  if (attempt.type === "denied" && attempt.denials.every(isClearable)) {
    const { symbol } = order.intent;
    if (isTooLate(order.intent, deps.clock.nowMs())) return shed(deps, attempt.order);
    if (await isBlocked(deps.broker)) return deny(deps, attempt.order, BRACKET_STAYS);
    const leftMs = (): number => deadline.remainingMs() - RECORDING_MS - LEAST_MS;
    await clearSymbol(deps, { cell: attempt.cell, symbol, leftMs });
    const cleared = await loadCell(deps.ledger, intent.account);
    const again = await loadOrder(deps.ledger, intent.clientOrderId);
    attempt = await claimIntent(deps, { cell: cleared, order: again });
    // The broker's list may show for a moment longer what it has confirmed as cancelled. Behind a
    // restore that counts; but the bracket is gone, so that the exit comes again, and soon.
    if (attempt.type === "denied" && isSizedByBroker(attempt.cell) && attempt.denials.some(isTaken))
      throw new RetryableError("What was cancelled still shows among the broker's open orders.");
  }
  switch (attempt.type) {
    case "overtaken":
      return { type: "duplicate", reasons: [attempt.order.state.name] };
    case "denied":
      return deny(deps, attempt.order, attempt.denials);
    case "claimed":
      return submit(deps, attempt, deadline);
  }
};

/**
 * Whether a bracket that is taken away now would be missed: the exit cannot be sent behind it, or so
 * near the close that nothing may be sent behind it until the next session.
 */
const isTooLate = ({ validUntilMs }: OrderIntent, nowMs: number): boolean => {
  const closesAtMs = marketPhase(nowMs).session?.closesAtMs ?? nowMs;
  return validUntilMs - nowMs < LEAST_CLEARING_MS || closesAtMs - nowMs < CLEARING_MS;
};

/**
 * Whether the broker says that it refuses every order: a bracket that is taken away then would only
 * be missed. An account that cannot be read stops no exit.
 */
const isBlocked = async (broker: Pick<Broker, "readAccount">): Promise<boolean> => {
  const account = await broker.readAccount();
  return account.ok && account.value.isBlocked;
};

const BRACKET_STAYS: readonly Denial[] = [
  { reason: "protectionWorking", detail: "The broker has blocked the account: its bracket stays." },
];

/** What only stands against an exit until it is cancelled; every other reason comes first. */
const isClearable = ({ reason }: Denial): boolean =>
  reason === "protectionWorking" || reason === "entryWorking";

const isTaken = ({ reason }: Denial): boolean => reason === "exitInFlight";

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
  return loadOrder(deps.ledger, intent.clientOrderId);
};

const submit = async (
  deps: ExecuteOrderDeps,
  claimed: ClaimedOrder,
  deadline: Deadline,
): Promise<ExecuteOutcome> => {
  const ownMs = deadline.remainingMs() - RECORDING_MS;
  const leftMs = Math.min(claimed.submitByMonotonicMs - deps.clock.monotonicMs(), ownMs);
  if (leftMs < LEAST_MS) {
    await withdraw(deps, claimed, "Too little time was left.");
    throw new RetryableError("The order was not sent: too little time was left.");
  }
  const outcome = await deps.broker.submitOrder(claimed.approved, leftMs);
  return settleSubmission(deps, claimed, outcome);
};

const deny = async (
  deps: ExecuteOrderDeps,
  order: Order,
  denials: readonly Denial[],
): Promise<ExecuteOutcome> => {
  const reasons = denials.map((denial) => denial.reason);
  // Claimed by an earlier delivery that did not come back: reconciliation settles it.
  if (reasons.includes("alreadyClaimed")) return { type: "duplicate", reasons };
  const atMs = deps.clock.nowMs();
  const event: OrderEvent =
    order.state.name === "new"
      ? { type: "denied", atMs, denials }
      : { type: "expired", atMs, cause: `Denied: ${reasons.join(", ")}` };
  await conclude(deps, order, event);
  const stopped = Object.fromEntries(reasons.map((reason) => [stoppedAt("approved", reason), 1]));
  await count(deps, order, { passed: {}, stopped });
  return { type: "denied", reasons };
};

/** Too late to be sent: recorded, and the order is never tried again. */
const shed = async (deps: ExecuteOrderDeps, order: Order): Promise<ExecuteOutcome> => {
  const cause = "It was not sent while it was valid.";
  const event: OrderEvent = { type: "expired", atMs: deps.clock.nowMs(), cause };
  await conclude(deps, order, event);
  const stopped = { [stoppedAt("approved", "intentExpired")]: 1 };
  await count(deps, order, { passed: {}, stopped });
  return { type: "shed", reasons: ["intentExpired"] };
};

/** The message goes only when the history says how the order ended; another's end is as good. */
const conclude = async (
  deps: ExecuteOrderDeps,
  { intent, eventCount }: Order,
  event: OrderEvent,
): Promise<void> => {
  const stored = await deps.ledger.appendEvents(intent.clientOrderId, eventCount, [event]);
  if (stored.ok || stored.error.type === "EventConflict") return;
  throw new RetryableError(`The order's end was not written: ${stored.error.detail}`);
};
