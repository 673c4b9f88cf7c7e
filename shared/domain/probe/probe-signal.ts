import { assert } from "../assert.ts";
import { previousSession, marketPhase, type Session } from "../market/calendar.ts";
import { usd, type Money } from "../market/money.ts";
import { epochMsToNewYork } from "../market/new-york-time.ts";
import { roundToTick, type Price } from "../market/price.ts";
import { parseTicker, type Ticker } from "../market/ticker.ts";

const symbol = parseTicker("PROBE");
assert(symbol !== undefined, "The probe has a symbol.");

/** What the probe's signal is about; nobody can trade it. */
export const PROBE_SYMBOL: Ticker = symbol;

/** The least score of the probe's signal (R7), 0 to 8. */
export const PROBE_SCORE_MIN = 4;

/** A strong signal to buy: everything that the vendors are made to say, in the normal form. */
export type ProbeSignal = {
  readonly alerts: readonly {
    readonly contract: "call";
    readonly strike: Price;
    readonly expiry: string;
    readonly totalPremium: Money;
    readonly askSidePremium: Money;
    readonly bidSidePremium: Money;
    readonly isSweep: boolean;
    readonly isMultiLeg: boolean;
    readonly createdAtMs: number;
  }[];
  readonly prints: readonly {
    readonly price: Price;
    readonly size: number;
    readonly notional: Money;
    readonly bid: Price;
    readonly ask: Price;
    readonly isCanceled: boolean;
    readonly executedAtMs: number;
  }[];
  readonly marketTide: {
    readonly netCallPremium: Money;
    readonly netPutPremium: Money;
    readonly observedAtMs: number;
  };
  readonly gammaExposure: number;
  /** 0 to 100. */
  readonly ivRank: number;
  /** Contracts. */
  readonly openInterestChange: number;
  readonly quote: {
    readonly bid: Price;
    readonly ask: Price;
    readonly last: Price;
    readonly bidSize: number;
    readonly askSize: number;
    readonly exchangeTimeMs: number;
  };
};

const usdPrice = (dollars: number): Price => roundToTick(dollars * 10_000);

/** The probe's signal as of `nowMs`, epoch ms. */
export const probeSignal = (nowMs: number): ProbeSignal => ({
  alerts: [1, 2, 3].map((minutes) => ({
    contract: "call",
    strike: usdPrice(21),
    expiry: epochMsToNewYork(nowMs + 30 * 86_400_000).date,
    totalPremium: usd(2_000_000),
    askSidePremium: usd(1_900_000),
    bidSidePremium: usd(100_000),
    isSweep: true,
    isMultiLeg: false,
    createdAtMs: nowMs - minutes * 1_000,
  })),
  prints: [10, 20].map((seconds) => ({
    price: usdPrice(20.03),
    size: 200_000,
    notional: usd(4_006_000),
    bid: usdPrice(19.99),
    ask: usdPrice(20.03),
    isCanceled: false,
    executedAtMs: nowMs - seconds * 1_000,
  })),
  marketTide: {
    netCallPremium: usd(50_000_000),
    netPutPremium: usd(-10_000_000),
    observedAtMs: nowMs - 30_000,
  },
  gammaExposure: 600_000,
  ivRank: 10,
  openInterestChange: 60_000,
  quote: {
    bid: usdPrice(19.99),
    ask: usdPrice(20.01),
    last: usdPrice(20),
    bidSize: 400,
    askSize: 300,
    exchangeTimeMs: nowMs - 1_000,
  },
});

/** The probe's own time: now while the market is open, else an hour into the session before. */
export const probeMoment = (
  nowMs: number,
): { readonly nowMs: number; readonly session: Session } => {
  const { phase, session } = marketPhase(nowMs);
  if (phase === "open" && session !== undefined) return { nowMs, session };
  const before = previousSession(epochMsToNewYork(nowMs).date);
  return { nowMs: before.opensAtMs + 60 * 60_000, session: before };
};
