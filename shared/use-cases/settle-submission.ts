import { RetryableError } from "../domain/fault.ts";
import { stoppedAt, type FunnelCounts } from "../domain/funnel/funnel.ts";
import { ZERO_SHARES } from "../domain/market/quantity.ts";
import type { Order } from "../domain/orders/order.ts";
import type { OrderEvent } from "../domain/orders/order-event.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { type ClaimProgress, progressClaim } from "../domain/risk/progress-claim.ts";
import { countReject } from "../domain/risk/reject-latch.ts";
import { haltUnlessFlattening } from "../domain/risk/trading-state.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { SubmitOutcome } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { ClaimedOrder } from "./claim-intent.ts";
import { isOrderOf } from "./is-order-of.ts";
import { endRefusedExit, tellOfRefusedExit } from "./refused-exits.ts";
import { stateAlert } from "./state-alert.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { type CellWriterDeps, updateOwnCell } from "./update-cell.ts";

/** What a submission came to. */
export type SubmissionOutcome = {
  readonly type: "acknowledged" | "rejected" | "unknown" | "shed";
  /** The broker's words. */
  readonly reasons: readonly string[];
};

/** What recording an answer needs. */
export type SettleSubmissionDeps = CellWriterDeps & {
  readonly telemetry: Telemetry;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Settings;
};

/**
 * Records what the broker's answer means, by the outcome table of the design; nothing here sends
 * anything again. Throws `RetryableError` when the order was certainly not sent and may be tried
 * again under the same id.
 */
export const settleSubmission = async (
  deps: SettleSubmissionDeps,
  claimed: ClaimedOrder,
  outcome: SubmitOutcome,
): Promise<SubmissionOutcome> => {
  const atMs = deps.clock.nowMs();
  switch (outcome.type) {
    case "alreadyExists":
      return isOrderOf(claimed.approved.order, outcome.order)
        ? acknowledge(deps, claimed, outcome.order.brokerOrderId)
        : haltForForeignOrder(deps, claimed, outcome.order.brokerOrderId);
    case "acknowledged":
      return acknowledge(deps, claimed, outcome.order.brokerOrderId);
    case "rejected":
      return reject(deps, claimed, outcome);
    case "unauthorized":
      // Halted first: a redelivery finds the claim, and would not come this far again.
      await halt(deps, claimed.cell, `The broker refused our credentials: ${outcome.detail}`);
      await withdraw(deps, claimed, outcome.detail);
      await tellIfExit(deps, claimed, outcome.detail);
      return { type: "rejected", reasons: ["unauthorized", outcome.detail] };
    case "notSent":
      await withdraw(deps, claimed, outcome.detail);
      throw new RetryableError(`The order was not sent: ${outcome.detail}`);
    case "withheld":
      return withhold(deps, claimed, outcome.detail);
    case "unknown":
      await append(deps, claimed, { type: "submissionUnknown", atMs, cause: outcome.detail });
      await progress(deps, claimed, { type: "unknown" });
      await count(deps, claimed.order, {
        passed: { approved: 1, submitted: 1 },
        stopped: { [stoppedAt("acknowledged", "unknown")]: 1 },
      });
      return { type: "unknown", reasons: [outcome.detail] };
  }
};

/** Records that the order is certainly not at the broker, and takes its claim back. */
export const withdraw = async (
  deps: SettleSubmissionDeps,
  claimed: ClaimedOrder,
  cause: string,
): Promise<void> => {
  await append(deps, claimed, { type: "notSent", atMs: deps.clock.nowMs(), cause });
  await progress(deps, claimed, { type: "neverSent" });
};

/** Adds to the session's funnel; what is lost there is no reason to deliver an order again. */
export const count = (
  deps: Pick<SettleSubmissionDeps, "telemetry">,
  order: Order,
  counts: FunnelCounts,
): Promise<void> => tolerateLoss(deps.telemetry.addToFunnel(order.intent.sessionDate, counts));

const acknowledge = async (
  deps: SettleSubmissionDeps,
  claimed: ClaimedOrder,
  brokerOrderId: string,
): Promise<SubmissionOutcome> => {
  await append(deps, claimed, { type: "acknowledged", atMs: deps.clock.nowMs(), brokerOrderId });
  const passed = { approved: 1, submitted: 1, acknowledged: 1 };
  await count(deps, claimed.order, { passed, stopped: {} });
  const { purpose, symbol } = claimed.order.intent;
  if (purpose === "exit") await endRefusedExit(deps, symbol);
  return { type: "acknowledged", reasons: [] };
};

/** A business answer: the exposure is given back, and repeated ones latch the symbol's entries. */
const reject = async (
  deps: SettleSubmissionDeps,
  claimed: ClaimedOrder,
  { code, detail }: Extract<SubmitOutcome, { type: "rejected" }>,
): Promise<SubmissionOutcome> => {
  const atMs = deps.clock.nowMs();
  const { clientOrderId, symbol, sessionDate, purpose } = claimed.order.intent;
  await append(deps, claimed, { type: "rejected", atMs, reason: `${code}: ${detail}` });
  await updateOwnClaim(deps, claimed, (cell) => {
    const released = progressClaim(cell, clientOrderId, NOTHING_FILLED, atMs);
    return purpose === "entry"
      ? countReject(released, { symbol, code, sessionDate, atMs })
      : released;
  });
  await count(deps, claimed.order, {
    passed: { approved: 1, submitted: 1 },
    stopped: { [stoppedAt("acknowledged", `rejected ${code}`)]: 1 },
  });
  await tellIfExit(deps, claimed, `${code}: ${detail}`);
  return { type: "rejected", reasons: [code, detail] };
};

const tellIfExit = async (
  deps: SettleSubmissionDeps,
  { order: { intent } }: ClaimedOrder,
  words: string,
): Promise<void> => {
  if (intent.purpose === "exit") await tellOfRefusedExit(deps, intent.symbol, words);
};

/** As if it had expired unfilled: nothing stays in flight, and the cooldown counts as it would. */
const withhold = async (
  deps: SettleSubmissionDeps,
  claimed: ClaimedOrder,
  cause: string,
): Promise<SubmissionOutcome> => {
  await append(deps, claimed, { type: "expired", atMs: deps.clock.nowMs(), cause });
  await progress(deps, claimed, NOTHING_FILLED);
  await count(deps, claimed.order, {
    passed: { approved: 1 },
    stopped: { [stoppedAt("submitted", "shadow")]: 1 },
  });
  return { type: "shed", reasons: ["shadow"] };
};

const NOTHING_FILLED: ClaimProgress = {
  type: "reported",
  isOver: true,
  cumulativeFilled: ZERO_SHARES,
  averagePrice: null,
  legs: [],
};

/** The broker holds another order under our id: nothing may be sent until a person has looked. */
const haltForForeignOrder = async (
  deps: SettleSubmissionDeps,
  claimed: ClaimedOrder,
  brokerOrderId: string,
): Promise<SubmissionOutcome> => {
  const reason = `The broker has another order under ${claimed.order.intent.clientOrderId}.`;
  await halt(deps, claimed.cell, reason);
  await append(deps, claimed, { type: "orphaned", atMs: deps.clock.nowMs(), brokerOrderId });
  return { type: "unknown", reasons: [reason] };
};

const halt = async (
  deps: SettleSubmissionDeps,
  cell: ControlCell,
  reason: string,
): Promise<void> => {
  const atMs = deps.clock.nowMs();
  const halted = await updateOwnCell(deps, cell, (current) =>
    haltUnlessFlattening(current, { reason, by: "execute-orders", atMs }),
  );
  const telling = { component: "execute-orders", mode: deps.settings.mode, atMs };
  await deps.alerts.publish(stateAlert(halted, telling));
};

const progress = async (
  deps: SettleSubmissionDeps,
  claimed: ClaimedOrder,
  change: ClaimProgress,
): Promise<void> => {
  const id = claimed.order.intent.clientOrderId;
  const atMs = deps.clock.nowMs();
  await updateOwnClaim(deps, claimed, (cell) => progressClaim(cell, id, change, atMs));
};

/** Changes the cell only while the very claim that this delivery made stands in it. */
const updateOwnClaim = async (
  deps: SettleSubmissionDeps,
  { cell: loaded, claimId, order }: ClaimedOrder,
  change: (cell: ControlCell) => ControlCell,
): Promise<void> => {
  await updateOwnCell(deps, loaded, (cell) => {
    const standing = cell.inFlight[order.intent.clientOrderId];
    return standing?.claimId === claimId ? change(cell) : cell;
  });
};

/** Adds the claim and what followed it to the order's history, in one write. */
const append = async (
  deps: SettleSubmissionDeps,
  claimed: ClaimedOrder,
  event: OrderEvent,
): Promise<void> => {
  const { order, cell, claimId, claimedAtMs, submitByMs, approved } = claimed;
  const first: OrderEvent = {
    type: "claimed",
    atMs: claimedAtMs,
    epoch: cell.epoch,
    claimId,
    submitByMs,
    quantity: approved.order.quantity,
  };
  const id = order.intent.clientOrderId;
  const stored = await deps.ledger.appendEvents(id, order.eventCount, [first, event]);
  // Reconciliation may have been faster: it has then recorded the same order from the broker.
  if (stored.ok || stored.error.type === "EventConflict") return;
  throw new RetryableError(`The order's history was not written: ${stored.error.detail}`);
};
