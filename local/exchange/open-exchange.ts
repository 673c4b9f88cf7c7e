import type { Money } from "../../shared/domain/market/money.ts";
import { QUANTITY_UNITS_PER_SHARE, type Quantity } from "../../shared/domain/market/quantity.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { isListed, type ExchangeCredentials } from "./api/exchange-api.ts";
import { createFlowRoutes } from "./api/flow-routes.ts";
import { createExchange, type Exchange } from "./core/exchange.ts";
import type { OfferShares } from "./core/state.ts";
import { createFaultControl, type FaultControl } from "./faults/fault-control.ts";
import { createSeededFlow } from "./flow/seeded-flow.ts";
import { hashText, uniformAt } from "./hash.ts";
import type { MarketFeed } from "./prices/market-feed.ts";
import { startExchangeServer, type ExchangeServer } from "./server.ts";
import { openSqliteJournal } from "./sqlite-journal.ts";

/** Alpaca's limit per account. */
const REQUESTS_PER_MINUTE = 200;
/** About what a cancellation takes at a real broker. */
const CANCEL_LATENCY_MS = 50;

/** How a simulated exchange is opened. */
export type OpenExchangeOptions = {
  /** Decides flow and faults; prices come from the feed, which has a seed of its own. */
  readonly seed: string;
  readonly feed: MarketFeed;
  readonly clock: Clock;
  readonly startingCash: Money;
  readonly credentials: ExchangeCredentials;
  /** 0 takes any free port. */
  readonly port: number;
  /** The file that keeps orders and positions over restarts; in memory only without one. */
  readonly journalPath?: string;
  readonly requestsPerMinute?: number;
  /** Is told of requests that failed for a reason of ours. */
  readonly onFault: (cause: unknown) => void;
};

/** A running exchange; `close` stops the server and closes the file. */
export type OpenExchange = ExchangeServer & {
  readonly exchange: Exchange;
  readonly faults: FaultControl;
};

/**
 * Opens the whole simulated broker with its vendors on 127.0.0.1. Rejects if the port is taken, and
 * with `JournalFault` if the file cannot be used.
 */
export const openExchange = async (options: OpenExchangeOptions): Promise<OpenExchange> => {
  const { seed, feed, clock } = options;
  const { journalPath } = options;
  const journal = journalPath === undefined ? undefined : openSqliteJournal(journalPath);
  const faults = createFaultControl(createChance(seed));
  const exchange = createExchange({
    name: "simulated",
    startsAtMs: clock.nowMs(),
    startingCash: options.startingCash,
    cancelLatencyMs: CANCEL_LATENCY_MS,
    isKnownSymbol: isListed(feed),
    offerShares: createPartialFills(faults),
    ...(journal === undefined ? {} : { journal }),
  });
  try {
    const server = await startExchangeServer({
      exchange,
      feed,
      flowRoutes: createFlowRoutes(createSeededFlow({ seed, feed })),
      faults,
      clock,
      credentials: options.credentials,
      requestsPerMinute: options.requestsPerMinute ?? REQUESTS_PER_MINUTE,
      port: options.port,
      onFault: options.onFault,
    });
    const close = async (): Promise<void> => {
      await server.close();
      journal?.close();
    };
    return { ...server, exchange, faults, close };
  } catch (cause) {
    journal?.close();
    throw cause;
  }
};

/** A stream of chance of its own, so that an armed fault does not move prices or flow. */
const createChance = (seed: string): (() => number) => {
  const key = hashText(`${seed}/faults`);
  let draws = 0;
  return () => uniformAt(key, draws++);
};

/** Offers all that is displayed, or the part that a partialFill fault leaves; at least one share. */
const createPartialFills =
  (faults: FaultControl): OfferShares =>
  (_order, available) => {
    const fault = faults.strike("partialFill", "");
    if (fault === undefined) return available;
    return Math.max(QUANTITY_UNITS_PER_SHARE, Math.floor(available * fault.fraction)) as Quantity;
  };
