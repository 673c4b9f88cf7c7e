import type { Observation } from "../observation.ts";
import type { PublishedPrices } from "./exits-due.ts";

/** A message of market data that its function is done with. */
export type QuotesHandled = {
  /** The moment that its cycle is named after, epoch ms. */
  readonly slotMs: number;
  readonly shard: number;
  readonly sentAtMs: number;
  /** When it was first given to a function. */
  readonly deliveredAtMs: number;
};

/** Follows messages of market data on their way. */
export type QuotesOnTheWay = {
  readonly sent: (messageId: string, atMs: number) => void;
  readonly delivered: (messageId: string, atMs: number) => void;
  /** It was put aside: whoever had it counts as done with it, and decided nothing. */
  readonly givenUp: (body: string) => void;
  /** What was done with a message that is removed; `undefined` where it was not looked at. */
  readonly handled: (
    removed: Extract<Observation, { type: "messageRemoved" }>,
  ) => QuotesHandled | undefined;
};

/** Starts with nothing on its way. */
export const createQuotesHandled = (): QuotesOnTheWay => {
  const sentAtMs = new Map<string, number>();
  const deliveredAtMs = new Map<string, number>();
  const givenUp = new Set<string>();
  return {
    sent: (messageId, atMs) => {
      sentAtMs.set(messageId, atMs);
    },
    delivered: (messageId, atMs) => {
      if (!deliveredAtMs.has(messageId)) deliveredAtMs.set(messageId, atMs);
    },
    givenUp: (body) => {
      givenUp.add(body);
    },
    handled: ({ messageId, body }) => {
      const sentMs = sentAtMs.get(messageId);
      const deliveredMs = deliveredAtMs.get(messageId);
      deliveredAtMs.delete(messageId);
      const { slot, shard } = HEAD.exec(body)?.groups ?? {};
      if (sentMs === undefined || deliveredMs === undefined || givenUp.has(body)) return undefined;
      if (slot === undefined || shard === undefined) return undefined;
      const times = { slotMs: Number(slot), sentAtMs: sentMs, deliveredAtMs: deliveredMs };
      return { shard: Number(shard), ...times };
    },
  };
};

/** A message is long, and nothing else of it is asked for. */
const HEAD = /"slotMs":(?<slot>\d+),.*?"shard":(?<shard>\d+)/;

/** The prices of a message, as the product writes it; none of one that lies elsewhere. */
export const pricesIn = (body: string): PublishedPrices => {
  const { symbols = "", quotes } = JSON.parse(body) as {
    readonly symbols?: string;
    readonly quotes?: { readonly bid: readonly number[]; readonly ask: readonly number[] };
  };
  return { symbols: symbols.split(" "), bids: quotes?.bid ?? [], asks: quotes?.ask ?? [] };
};
