import type { OrderIntent } from "../orders/order-intent.ts";

/** The queues whose dead letters are tended, by the name that operators know. */
export type TendedQueue = "exits" | "orders" | "market-data";

/** Exits first: nothing that may add risk goes ahead of what takes it away. */
export const TENDED_QUEUES: readonly TendedQueue[] = ["exits", "orders", "market-data"];

/**
 * Why a reader gave a message up: it can never be handled, or an assertion of ours did not hold.
 */
export type MessageFailure = { readonly kind: "terminal" | "bug"; readonly detail: string };

/** What a dead letter says, as far as it can be read. */
export type DeadContent =
  | { readonly type: "unreadable"; readonly detail: string }
  | { readonly type: "marketData"; readonly cycleId: string; readonly slotMs: number }
  | { readonly type: "intent"; readonly intent: OrderIntent };

/** A message that its queue gave up. */
export type DeadLetter = {
  readonly content: DeadContent;
  /** How often it was brought back already. */
  readonly redrives: number;
  /** Absent where it was only delivered too often, which what is transient does. */
  readonly failure: MessageFailure | undefined;
  /** When it was sent, the last time, epoch ms. */
  readonly sentAtMs: number;
};
