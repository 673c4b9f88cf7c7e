import { nextSession, previousSession } from "../../../shared/domain/market/calendar.ts";
import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import { addDays, type SessionDate } from "../../../shared/domain/market/session-date.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { DrugDecision } from "../../../shared/domain/signals/evidence/calendar-evidence.ts";
import type { FundDay } from "../../../shared/domain/signals/evidence/fund-flow-lean.ts";
import type { Ownership } from "../../../shared/domain/signals/evidence/institutional-lean.ts";
import type { ReportedTrade } from "../../../shared/domain/signals/evidence/traded-side.ts";
import { hashText, normalAt, uniformAt } from "../hash.ts";

/** A reported trade with the days that stand in the report. */
type FiledTrade = Pick<ReportedTrade, "side" | "weight"> & {
  readonly tradedOn: SessionDate;
  readonly filedOn: SessionDate;
};

/** What is published about a symbol daily or less often, as of a moment; the same all day. */
export type ReferenceFacts = {
  /** A fund's latest days, the newest first; a stock has none. */
  readonly fundDays: readonly (FundDay & { readonly date: SessionDate })[];
  readonly fails: { readonly date: SessionDate; readonly quantity: number };
  readonly shortInterest: {
    readonly date: SessionDate;
    readonly shares: number;
    readonly float: number;
    readonly daysToCover: number;
  };
  readonly insiders: readonly FiledTrade[];
  readonly congress: readonly FiledTrade[];
  readonly owners: {
    readonly reportedOn: SessionDate;
    readonly filedOn: SessionDate;
    readonly list: readonly Ownership[];
  };
  /** The next report; a fund has none. */
  readonly earningsOn: SessionDate | undefined;
};

/** The funds among the symbols that the market may play. */
const FUNDS: ReadonlySet<string> = new Set(
  (
    "SPY QQQ IWM DIA VTI VOO IVV GLD SLV TLT EEM EFA HYG " +
    "XLE XLF XLK XLV XLI XLY XLP XLU XLB SMH ARKK USO"
  ).split(" "),
);

const OWNERS = 12;
const FUND_DAYS = 5;

/** Draws a symbol's facts as they are known on the day of `nowMs`. */
export const drawReferenceFacts = (symbol: Ticker, nowMs: number): ReferenceFacts => {
  const today = epochMsToNewYork(nowMs).date;
  const date = previousSession(today).date;
  const isFund = FUNDS.has(symbol);
  return {
    fundDays: isFund ? drawFundDays(symbol, date) : [],
    fails: {
      date: addDays(date, -14),
      quantity: Math.round(10 ** (2 + 3.2 * drawFor(symbol, `ftd/${date}`)(1))),
    },
    shortInterest: drawShortInterest(symbol, date),
    insiders: drawInsiders(symbol, date),
    congress: drawCongress(symbol, date),
    owners: drawOwners(symbol, date),
    earningsOn: isFund ? undefined : drawEarnings(symbol, today, nowMs),
  };
};

/** Figures on the economy that are published today and on the next trading day, epoch ms. */
export const drawEconomicEvents = (nowMs: number): readonly number[] => {
  const today = epochMsToNewYork(nowMs).date;
  const days = [nextSession(addDays(today, -1)), nextSession(today)];
  return [...new Map(days.map((each) => [each.date, each])).values()].flatMap((session) => {
    const count = Math.floor(4 * uniformAt(hashText(`economy/${session.date}`), 1));
    // An hour before the open, then every hour and a half.
    return Array.from(
      { length: count },
      (_none, index) => session.opensAtMs - 3_600_000 + index * 5_400_000,
    );
  });
};

/** Decisions of the drug agency that are due within a month, of one symbol in twenty. */
export const drawDrugDecisions = (
  symbols: readonly Ticker[],
  nowMs: number,
): readonly DrugDecision[] => {
  const today = epochMsToNewYork(nowMs).date;
  const month = today.slice(0, 7);
  return symbols.flatMap((symbol) => {
    const draw = drawFor(symbol, `drug/${month}`);
    if (FUNDS.has(symbol) || draw(1) >= 0.05) return [];
    const from = addDays(`${month}-01` as SessionDate, Math.floor(27 * draw(2)));
    return [{ symbol, from, to: addDays(from, 3) }];
  });
};

type Draw = (salt: number) => number;

const drawFor = (symbol: Ticker, topic: string): Draw => {
  const key = hashText(`${topic}/${symbol}`);
  return (salt) => uniformAt(key, salt);
};

const drawFundDays = (symbol: Ticker, last: SessionDate): ReferenceFacts["fundDays"] => {
  const days: (FundDay & { readonly date: SessionDate })[] = [];
  for (let date = last; days.length < FUND_DAYS; date = previousSession(date).date) {
    const key = hashText(`etf/${symbol}/${date}`);
    const changedShares = Math.round(2_000_000 * normalAt(key, 1));
    days.push({ date, changedShares, tradedShares: 40_000_000 });
  }
  return days;
};

const drawShortInterest = (symbol: Ticker, date: SessionDate): ReferenceFacts["shortInterest"] => {
  const draw = drawFor(symbol, "short-interest");
  const float = Math.round(10 ** (7.5 + 2 * draw(1)));
  return {
    date: addDays(date, -9),
    shares: Math.round(float * (0.01 + 0.22 * draw(2) ** 3)),
    float,
    daysToCover: Math.round((1 + 7 * draw(3) ** 2) * 100) / 100,
  };
};

const drawInsiders = (symbol: Ticker, date: SessionDate): readonly FiledTrade[] => {
  const draw = drawFor(symbol, `insider/${date.slice(0, 7)}`);
  return Array.from({ length: Math.floor(4 * draw(1)) }, (_none, index) => ({
    side: draw(10 + index) < 0.35 ? "buy" : "sell",
    weight: Math.round(100 + 20_000 * draw(20 + index)),
    tradedOn: addDays(date, -3 - index * 4),
    filedOn: addDays(date, -1 - index * 4),
  }));
};

const drawCongress = (symbol: Ticker, date: SessionDate): readonly FiledTrade[] => {
  const draw = drawFor(symbol, `congress/${date.slice(0, 7)}`);
  return Array.from({ length: Math.floor(3 * draw(1)) }, (_none, index) => ({
    side: draw(10 + index) < 0.55 ? "buy" : "sell",
    weight: 1,
    tradedOn: addDays(date, -20 - index),
    filedOn: addDays(date, -2 - index),
  }));
};

const drawOwners = (symbol: Ticker, date: SessionDate): ReferenceFacts["owners"] => {
  const draw = drawFor(symbol, `owners/${date.slice(0, 7)}`);
  const list = Array.from({ length: OWNERS }, (_none, index) => {
    const shares = Math.round(10 ** (5 + 2.5 * draw(30 + index)));
    return { shares, changedShares: Math.round(shares * 0.1 * (draw(50 + index) - 0.45)) };
  });
  return { reportedOn: addDays(date, -60), filedOn: addDays(date, -15), list };
};

/** One report a quarter of a year, on a day of the quarter that is the symbol's own. */
const drawEarnings = (symbol: Ticker, today: SessionDate, nowMs: number): SessionDate => {
  const quarter = Math.floor(nowMs / (91 * 86_400_000));
  return addDays(today, Math.floor(91 * uniformAt(hashText(`earnings/${symbol}`), quarter)));
};
