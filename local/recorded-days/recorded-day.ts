import type { Price } from "../../shared/domain/market/price.ts";
import type { Bar } from "../../shared/domain/market/quote.ts";
import type { SessionDate } from "../../shared/domain/market/session-date.ts";
import type { SplitRatio } from "../../shared/domain/market/share-split.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";

/** A minute of the best bid and ask that starts at `startsAtMs` (epoch ms); sizes in shares. */
export type QuoteBar = {
  readonly symbol: Ticker;
  readonly startsAtMs: number;
  readonly bidOpen: Price;
  readonly bidHigh: Price;
  readonly bidLow: Price;
  readonly bidClose: Price;
  readonly bidSize: number;
  readonly askOpen: Price;
  readonly askHigh: Price;
  readonly askLow: Price;
  readonly askClose: Price;
  readonly askSize: number;
};

/** Why a row of a recorded file was skipped. */
export type RowRejection =
  | "wrongFieldCount"
  | "notAnInteger"
  | "timeOutsideDay"
  | "timeNotIncreasing"
  | "pricesInconsistent";

/** How many rows were skipped for each reason. */
export type RowRejections = Readonly<Record<RowRejection, number>>;

/** One symbol's recorded day, each list in the order of time. */
export type RecordedSymbolDay = {
  readonly symbol: Ticker;
  readonly date: SessionDate;
  readonly quotes: readonly QuoteBar[];
  readonly trades: readonly Bar[];
};

/** One recorded day, by symbol in alphabetical order. */
export type RecordedDay = {
  readonly date: SessionDate;
  readonly symbols: ReadonlyMap<Ticker, RecordedSymbolDay>;
  /** What became of shares in the night before. */
  readonly splits?: readonly RecordedSplit[];
};

/** A split in the night before a recorded day, and what the broker did with open orders. */
export type RecordedSplit = SplitRatio & {
  readonly symbol: Ticker;
  readonly openOrders: "adjusted" | "cancelled";
};

/** All that a directory holds: days in the order of time, and what was skipped in reading them. */
export type RecordedDays = {
  readonly symbols: readonly Ticker[];
  readonly days: readonly RecordedDay[];
  readonly rowsRead: number;
  readonly rowsRejected: RowRejections;
};

/** Why recorded days cannot be used at all; `path` says where, `sentence` says what. */
export type RecordedDaysError = {
  readonly type:
    | "DirectoryUnreadable"
    | "NoRecordedDays"
    | "UnknownSymbol"
    | "FileMissing"
    | "FileUnreadable"
    | "NotAZip"
    | "TruncatedZip"
    | "NoRows";
  readonly path: string;
  readonly sentence: string;
};
