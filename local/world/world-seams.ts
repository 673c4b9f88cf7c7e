import type { OwnEnvironment } from "../../shared/ports/own-environment.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { Exchange } from "../exchange/core/exchange.ts";
import type { ExchangeJournal } from "../exchange/core/journal.ts";
import type { FaultControl } from "../exchange/faults/fault-control.ts";
import type { MarketFeed } from "../exchange/prices/market-feed.ts";
import type { MarketData } from "../../shared/ports/market-data.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { WorldVendors } from "./world-vendors.ts";

/** What a drill puts between the parts of a world, to watch and to disturb it; others have none. */
export type WorldSeams = {
  /** Sits directly on the ledger's store. */
  readonly watchLedger: (ledger: Ledger) => Ledger;
  /** Sits directly on the exchange's journal. */
  readonly watchJournal: (journal: ExchangeJournal) => ExchangeJournal;
  /** Gets the exchange's book, the control of its faults and its prices, before anything trades. */
  readonly onExchange: (exchange: Exchange, faults: FaultControl, feed: MarketFeed) => void;
  /** Puts something of its own between the functions and the vendors' addresses. */
  readonly reachVendors?: ((vendors: WorldVendors) => Promise<WorldVendors>) | undefined;
  /** Sits directly on the telemetry's store. */
  readonly watchTelemetry?: ((telemetry: Telemetry) => Telemetry) | undefined;
  /** Sits where poll-market-data asks all vendors. */
  readonly watchMarketData?: ((marketData: MarketData) => MarketData) | undefined;
  /** Sits where poll-market-data publishes quotes. */
  readonly watchQuotes?: ((messages: MessageSender) => MessageSender) | undefined;
  /** What the functions' environment measures of itself, in place of this process. */
  readonly own?: Omit<OwnEnvironment, "retire">;
};
