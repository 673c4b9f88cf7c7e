import { RetryableError } from "../domain/fault.ts";
import { marketPhase } from "../domain/market/calendar.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import { groupOf } from "../domain/orders/message-group.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import { ok, type Result } from "../domain/result.ts";
import type { ControlCell, TradingState } from "../domain/risk/control-cell.ts";
import { flattenTrading, withdrawResume } from "../domain/risk/trading-state.ts";
import type { MessageSender } from "../ports/message-queue.ts";
import { changeTradingState } from "./change-trading-state.ts";
import type { ControlRefusal } from "./control-refusal.ts";
import { flattenIntents } from "./flatten-intents.ts";
import { type Deadline, heldOrWorking, type Proof, proveState } from "./prove-state.ts";
import { loadQuotes } from "./read/load-quotes.ts";
import { createReconcileOrders, type ReconcileOrdersDeps } from "./reconcile-orders.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { loadCell } from "./update-cell.ts";

/** What an operator asks for, and who it is. */
export type FlattenRequest = {
  readonly reason: string;
  readonly by: string;
  /** The broker is to refuse every order once flat is proven. */
  readonly suspendAtBroker: boolean;
};

/**
 * The state that now holds, the exits that were sent, and whether it is proven that all is flat.
 */
export type PositionsFlattened = Proof & {
  readonly tradingState: TradingState;
  /** Client order ids; what is left is decided again by every cycle. */
  readonly exits: readonly string[];
};

/** Closes everything that is held. */
export type FlattenPositions = (
  request: FlattenRequest,
  deadline: Deadline,
) => Promise<Result<PositionsFlattened, ControlRefusal>>;

/** What flattening needs. */
export type FlattenPositionsDeps = ReconcileOrdersDeps & {
  /** The queue of exits. */
  readonly exits: MessageSender;
};

/**
 * Writes the wish in one conditional write, has working entries cancelled, sends an exit for every
 * symbol held, and looks whether the broker says that all is flat, which halts trading. Whoever
 * dies in between leaves the wish: reconciliation cancels, and every cycle decides the exits anew.
 */
export const createFlattenPositions = (deps: FlattenPositionsDeps): FlattenPositions => {
  const reconcile = createReconcileOrders(deps);
  return async (request, deadline) => {
    const atMs = deps.clock.nowMs();
    const wished = await changeTradingState(deps, { kind: "flatten", ...request }, (cell) =>
      withdrawResume(flattenTrading(cell, { ...request, atMs })),
    );
    if (!wished.ok) return wished;
    const exits = await sendExits(deps, wished.value, request.reason);
    // Without an exit on its way, looking again and again shows nothing new.
    const roundsMax = exits.length === 0 ? 1 : undefined;
    const goal = {
      leftOf: heldOrWorking,
      provenOf: () => "Proven: the broker shows no position and no order.",
    };
    const proof = await proveState({ ...deps, reconcile }, deadline, goal, roundsMax);
    const { tradingState } = await loadCell(deps.ledger, deps.settings.account);
    return ok({ tradingState, exits: exits.map((intent) => intent.clientOrderId), ...proof });
  };
};

/** Exits first, without waiting for cancellations: executing one clears its symbol by itself. */
const sendExits = async (
  deps: FlattenPositionsDeps,
  cell: ControlCell,
  reason: string,
): Promise<readonly OrderIntent[]> => {
  const nowMs = deps.clock.nowMs();
  const { phase, session } = marketPhase(nowMs);
  const isHere = cell.activeRegion === deps.settings.region;
  if (phase !== "open" || session === undefined || !isHere) return [];
  const quotes = await loadLastKnown(deps);
  const intents = flattenIntents(cell, { session, nowMs, quotes, reason }, deps.settings);
  if (intents.length === 0) return [];
  try {
    await deps.exits.send(
      intents.map((intent) => ({
        body: JSON.stringify(intent),
        group: groupOf(intent),
        deduplicationId: intent.clientOrderId,
      })),
    );
  } catch (error) {
    // The wish stands: the next cycle decides the same exits.
    if (error instanceof RetryableError) return [];
    throw error;
  }
  await tolerateLoss(
    deps.telemetry.recordEvidence({
      component: "intents",
      atMs: nowMs,
      succeeded: true,
      detail: `Flattening: ${intents.length} exits were sent.`,
      latencyMs: null,
      dataAgeMs: null,
      fault: null,
    }),
  );
  return intents;
};

const loadLastKnown = async (deps: FlattenPositionsDeps): Promise<readonly ValidQuote[]> => {
  try {
    return await loadQuotes(deps.telemetry, deps.settings);
  } catch (error) {
    if (error instanceof RetryableError) return [];
    throw error;
  }
};
