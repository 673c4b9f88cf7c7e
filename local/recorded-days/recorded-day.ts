import type { Bar, Quote } from "../../shared/domain/market/quote.ts";
import type { SessionDate } from "../../shared/domain/market/session-date.ts";
import type { SplitRatio } from "../../shared/domain/market/share-split.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { RecordedRows } from "./recorded-rows.ts";

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
  /** The quotes that stood when each minute ended. */
  readonly quotes: RecordedRows<Quote>;
  readonly trades: RecordedRows<Bar>;
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
