import type { Ledger } from "../../shared/ports/ledger.ts";
import type { Exchange } from "../exchange/core/exchange.ts";
import type { ExchangeJournal } from "../exchange/core/journal.ts";
import type { FaultControl } from "../exchange/faults/fault-control.ts";

/** What a drill puts between the parts of a world, to watch and to disturb it; others have none. */
export type WorldSeams = {
  /** Sits directly on the ledger's store. */
  readonly watchLedger: (ledger: Ledger) => Ledger;
  /** Sits directly on the exchange's journal. */
  readonly watchJournal: (journal: ExchangeJournal) => ExchangeJournal;
  /** Gets the exchange's own book and the control of its faults, before anything trades. */
  readonly onExchange: (exchange: Exchange, faults: FaultControl) => void;
};
