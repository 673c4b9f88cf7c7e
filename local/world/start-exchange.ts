import { usd } from "../../shared/domain/market/money.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Random } from "../../shared/ports/random.ts";
import { isListed } from "../exchange/api/exchange-api.ts";
import { createFlowRoutes } from "../exchange/api/flow-routes.ts";
import { createExchange } from "../exchange/core/exchange.ts";
import { createFaultControl } from "../exchange/faults/fault-control.ts";
import { createSeededFlow } from "../exchange/flow/seeded-flow.ts";
import type { MarketFeed } from "../exchange/prices/market-feed.ts";
import { createRecordedFeed } from "../exchange/prices/recorded-feed.ts";
import { createSeededFeed } from "../exchange/prices/seeded-feed.ts";
import { startExchangeServer } from "../exchange/server.ts";
import { JournalFault, openSqliteJournal, type SqliteJournal } from "../exchange/sqlite-journal.ts";
import type { RecordedDays } from "../recorded-days/recorded-day.ts";
import type { StateRefused } from "./state-directory.ts";
import type { WorldSeams } from "./world-seams.ts";
import type { WorldVendors } from "./world-vendors.ts";

/** The broker and vendors of the local world. */
export type WorldExchange = {
  readonly vendors: WorldVendors;
  readonly close: () => Promise<void>;
};

/** What the exchange is made of. */
export type WorldExchangeOptions = {
  readonly journalFile: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly seed: number;
  readonly symbols: readonly Ticker[];
  readonly recorded: RecordedDays | undefined;
  readonly seams: WorldSeams | undefined;
  readonly onFault: (cause: unknown) => void;
};

const STARTING_CASH_USD = 100_000;
/** The local world hits no limit at high speed; a drill sets its own. */
const REQUESTS_PER_MINUTE = 100_000;

/** Starts the simulated exchange over HTTP; what it acknowledged outlives the process. */
export const startWorldExchange = async (
  options: WorldExchangeOptions,
): Promise<Result<WorldExchange, StateRefused>> => {
  const { clock, random, seed, recorded } = options;
  const feed =
    recorded === undefined
      ? createSeededFeed({ seed: String(seed), symbols: options.symbols })
      : createRecordedFeed(recorded);
  const opened = openExchange(options, feed);
  if (!opened.ok) return opened;
  const { journal, exchange } = opened.value;
  // Made anew at each start and known to this process alone: nobody else can reach the exchange.
  const credentials = {
    keyId: random.id(),
    secretKey: random.id(),
    token: random.id(),
    polygonKey: random.id(),
    tiingoToken: random.id(),
  };
  const faults = createFaultControl(() => random.next());
  options.seams?.onExchange(exchange, faults, feed);
  const server = await startExchangeServer({
    exchange,
    feed,
    flowRoutes: createFlowRoutes(createSeededFlow({ seed: String(seed), feed })),
    credentials: {
      alpacaKeyId: credentials.keyId,
      alpacaSecretKey: credentials.secretKey,
      unusualWhalesToken: credentials.token,
      polygonKey: credentials.polygonKey,
      tiingoToken: credentials.tiingoToken,
    },
    faults,
    requestsPerMinute: REQUESTS_PER_MINUTE,
    clock,
    port: 0,
    onFault: options.onFault,
  });
  const { url } = server;
  return ok({
    vendors: {
      brokerUrl: url,
      marketDataUrl: url,
      polygonUrl: url,
      yahooUrl: url,
      tiingoUrl: url,
      flowUrl: url,
      credentials,
    },
    close: async () => {
      await server.close();
      journal.close();
    },
  });
};

const openExchange = ({ journalFile, clock, seams }: WorldExchangeOptions, feed: MarketFeed) => {
  let journal: SqliteJournal | undefined;
  try {
    journal = openSqliteJournal(journalFile);
    const exchange = createExchange({
      name: "local",
      startsAtMs: clock.nowMs(),
      startingCash: usd(STARTING_CASH_USD),
      isKnownSymbol: isListed(feed),
      journal: seams?.watchJournal(journal) ?? journal,
    });
    return ok({ journal, exchange });
  } catch (error) {
    journal?.close();
    if (!(error instanceof JournalFault)) throw error;
    const sentence = `${error.message} It was left as it is; begin anew with --fresh, which keeps it aside, or name another directory with --state DIR.`;
    return err({ type: "StateRefused", sentence } as const);
  }
};
