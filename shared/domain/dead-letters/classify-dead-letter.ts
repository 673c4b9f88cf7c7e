import type { Order } from "../orders/order.ts";
import { type OrderIntent, signOf } from "../orders/order-intent.ts";
import type { ControlCell } from "../risk/control-cell.ts";
import type { DeadLetter } from "./dead-letter.ts";

/** What a dead letter is judged by. */
export type DeadLetterScene = {
  readonly nowMs: number;
  /** What the ledger knows of the intent's order; undefined where it was never recorded. */
  readonly order: Order | undefined;
  /** The intent's account; undefined where it was never opened. */
  readonly cell: ControlCell | undefined;
  /** An operator asks, who has removed the cause: neither bounds nor back-off hold. */
  readonly isAsked: boolean;
};

/** Bounds of bringing back. */
export type RedrivePolicy = {
  /** Quotes that are older than this, milliseconds, were replaced by newer ones. */
  readonly marketDataAgeMaxMs: number;
  readonly redrivesMax: number;
  /** Waited before the second redrive, milliseconds; twice as long before each further one. */
  readonly backOffMs: number;
};

/** Why a dead letter is not needed any more. */
export type DropReason = "replaced" | "expired" | "orderKnown" | "positionClosed" | "exitWorking";

/** What becomes of a dead letter. */
export type DeadLetterVerdict =
  | { readonly type: "redrive" }
  | { readonly type: "wait"; readonly untilMs: number }
  | { readonly type: "drop"; readonly reason: DropReason; readonly isPositionOpen: boolean }
  | { readonly type: "quarantine"; readonly reason: string };

/**
 * Judges a dead letter: what is transient goes back, with back-off and at most so often; poison is
 * kept for a person; an entry whose time is over is dropped; an exit goes back, whatever it failed
 * of, while its position is open and nothing newer closes it. Going back can never double an order:
 * it keeps its client order id, and what the ledger has claimed already is dropped here.
 */
export const classifyDeadLetter = (
  letter: DeadLetter,
  scene: DeadLetterScene,
  policy: RedrivePolicy,
): DeadLetterVerdict => {
  const { content, failure } = letter;
  const poison =
    failure === undefined || scene.isAsked
      ? undefined
      : ({ type: "quarantine", reason: failure.detail } as const);
  switch (content.type) {
    case "unreadable":
      return { type: "quarantine", reason: content.detail };
    case "marketData": {
      const isOld = scene.nowMs - content.slotMs >= policy.marketDataAgeMaxMs;
      if (poison !== undefined) return poison;
      return isOld ? drop("replaced") : bringBack(letter, scene, policy);
    }
    case "intent": {
      const { intent } = content;
      const isExit = intent.purpose === "exit";
      const dropped = isExit ? needlessExit(intent, scene) : needlessEntry(intent, scene);
      // Whatever it failed of, an exit that is still needed is tried again.
      return (isExit ? undefined : poison) ?? dropped ?? bringBack(letter, scene, policy);
    }
  }
};

const drop = (reason: DropReason, isPositionOpen = false): DeadLetterVerdict => ({
  type: "drop",
  reason,
  isPositionOpen,
});

const needlessEntry = (
  intent: OrderIntent,
  { order, nowMs }: DeadLetterScene,
): DeadLetterVerdict | undefined => {
  if (isDecided(order)) return drop("orderKnown");
  return nowMs >= intent.validUntilMs ? drop("expired") : undefined;
};

const needlessExit = (
  intent: OrderIntent,
  { order, cell, nowMs }: DeadLetterScene,
): DeadLetterVerdict | undefined => {
  if (isDecided(order)) return drop("orderKnown");
  const held = cell?.holdings[intent.symbol]?.quantity ?? 0;
  const isClosed = cell !== undefined && held * signOf(intent.side) >= 0;
  if (isClosed) return drop("positionClosed");
  if (hasOtherExit(intent, cell)) return drop("exitWorking");
  // While the position stands, every cycle decides its exit anew, under an id of its own.
  return nowMs >= intent.validUntilMs ? drop("expired", true) : undefined;
};

/** The order was claimed or is over: its history goes on without this message. */
const isDecided = (order: Order | undefined): boolean =>
  order !== undefined && order.state.name !== "new" && order.state.name !== "notSent";

const hasOtherExit = (intent: OrderIntent, cell: ControlCell | undefined): boolean =>
  Object.values(cell?.inFlight ?? {}).some(
    ({ symbol, purpose, clientOrderId }) =>
      symbol === intent.symbol && purpose === "exit" && clientOrderId !== intent.clientOrderId,
  );

const bringBack = (
  { redrives, sentAtMs, failure }: DeadLetter,
  { nowMs, isAsked }: DeadLetterScene,
  { redrivesMax, backOffMs }: RedrivePolicy,
): DeadLetterVerdict => {
  if (isAsked) return { type: "redrive" };
  if (redrives >= redrivesMax) {
    const cause = failure === undefined ? "" : ` ${failure.detail}`;
    return { type: "quarantine", reason: `It was brought back ${redrives} times.${cause}` };
  }
  const untilMs = redrives === 0 ? sentAtMs : sentAtMs + backOffMs * 2 ** (redrives - 1);
  return nowMs >= untilMs ? { type: "redrive" } : { type: "wait", untilMs };
};
