import type { Session } from "../../../shared/domain/market/calendar.ts";
import type { Money } from "../../../shared/domain/market/money.ts";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type {
  DailyEvidence,
  DarkPoolPrint,
  FlowAlert,
} from "../../../shared/domain/signals/flow.ts";
import { numberAt, priceAt } from "../../recorded-days/row-numbers.ts";
import { createRecordedRows, type RecordedRows } from "../../recorded-days/recorded-rows.ts";
import type { SeededAlert, SeededPrint } from "./day-flow.ts";
import { referenceEvidence } from "./reference-evidence.ts";
import type { SeededFlow, TidePoint } from "./seeded-flow.ts";

/** One symbol's flow of a session, as a recording would hold it. */
export type SymbolFlow = {
  /** What does not change within a session. */
  readonly daily: DailyEvidence;
  readonly alerts: RecordedRows<FlowAlert>;
  readonly prints: RecordedRows<DarkPoolPrint>;
};

/** The flow of one session. */
export type SessionFlow = {
  /** Oldest first. */
  readonly tide: readonly TidePoint[];
  readonly flowOf: (symbol: Ticker) => SymbolFlow;
};

/** The flow of any session. */
export type FlowOfSession = (session: Session) => SessionFlow;

/** Divides a seeded flow into sessions; a symbol's is drawn when it is asked for. */
export const bySession =
  (flow: SeededFlow): FlowOfSession =>
  (session) => {
    const { date, closesAtMs } = session;
    const fromMs = newYorkToEpochMs(date, 0);
    return {
      tide: flow.tideUntil(closesAtMs),
      flowOf: (symbol) => ({
        daily: dailyEvidence(flow, symbol, session),
        alerts: alertRows(symbol, flow.alertsOf(symbol, fromMs, closesAtMs).toReversed()),
        prints: printRows(symbol, flow.printsOf(symbol, fromMs, closesAtMs).toReversed()),
      }),
    };
  };

const dailyEvidence = (flow: SeededFlow, symbol: Ticker, session: Session): DailyEvidence => {
  const facts = flow.factsAt(symbol, session.opensAtMs);
  const observedAtMs = newYorkToEpochMs(facts.session.date, 0);
  const change = facts.callChange - facts.putChange;
  const direction = change > 0 ? "bullish" : change < 0 ? "bearish" : "neutral";
  return {
    greeks: { gammaExposure: facts.callGamma + facts.putGamma, observedAtMs },
    ivRank: { rank: facts.ivRank * 100, observedAtMs },
    openInterestChange: { change, direction, observedAtMs },
    ...referenceEvidence(symbol, session),
  };
};

const ALERT_WIDTH = 9;

const alertRows = (symbol: Ticker, alerts: readonly SeededAlert[]): RecordedRows<FlowAlert> => {
  const expiries = [...new Set(alerts.map(({ expiry }) => expiry))];
  const numbers = alerts.flatMap((alert) => [
    alert.createdAtMs,
    alert.contract === "call" ? 1 : 0,
    alert.strike,
    expiries.indexOf(alert.expiry),
    alert.totalPremium,
    alert.askSidePremium,
    alert.bidSidePremium,
    alert.isSweep ? 1 : 0,
    alert.isMultiLeg ? 1 : 0,
  ]);
  return createRecordedRows(numbers, ALERT_WIDTH, (row, offset): FlowAlert => ({
    symbol,
    contract: numberAt(row, offset + 1) === 1 ? "call" : "put",
    strike: priceAt(row, offset + 2),
    expiry: expiries[numberAt(row, offset + 3)] ?? "",
    totalPremium: numberAt(row, offset + 4) as Money,
    askSidePremium: numberAt(row, offset + 5) as Money,
    bidSidePremium: numberAt(row, offset + 6) as Money,
    isSweep: numberAt(row, offset + 7) === 1,
    isMultiLeg: numberAt(row, offset + 8) === 1,
    createdAtMs: numberAt(row, offset),
  }));
};

const PRINT_WIDTH = 7;

const printRows = (symbol: Ticker, prints: readonly SeededPrint[]): RecordedRows<DarkPoolPrint> => {
  const numbers = prints.flatMap((print) => [
    print.executedAtMs,
    print.price,
    print.size,
    print.notional,
    print.bid,
    print.ask,
    print.isCanceled ? 1 : 0,
  ]);
  return createRecordedRows(numbers, PRINT_WIDTH, (row, offset): DarkPoolPrint => ({
    symbol,
    price: priceAt(row, offset + 1),
    size: numberAt(row, offset + 2),
    notional: numberAt(row, offset + 3) as Money,
    bid: priceAt(row, offset + 4),
    ask: priceAt(row, offset + 5),
    isCanceled: numberAt(row, offset + 6) === 1,
    executedAtMs: numberAt(row, offset),
  }));
};
