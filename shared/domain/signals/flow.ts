import type { Money } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import type { Ticker } from "../market/ticker.ts";
import type { Direction } from "./direction.ts";

/** An alert on unusual options trading, in the normal form. Premiums are not negative. */
export type FlowAlert = {
  readonly symbol: Ticker;
  readonly contract: "call" | "put";
  readonly strike: Price;
  /** The day the contract ends, `"2026-01-16"`. */
  readonly expiry: string;
  readonly totalPremium: Money;
  readonly askSidePremium: Money;
  readonly bidSidePremium: Money;
  readonly isSweep: boolean;
  readonly isMultiLeg: boolean;
  /** The vendor's time stamp, epoch ms; `undefined` if it gave none. */
  readonly createdAtMs: number | undefined;
};

/** A trade away from the exchanges, with the best quote at its time. */
export type DarkPoolPrint = {
  readonly symbol: Ticker;
  readonly price: Price;
  /** Shares. */
  readonly size: number;
  readonly notional: Money;
  /** 0 if the vendor gave none. */
  readonly bid: Price;
  /** 0 if the vendor gave none. */
  readonly ask: Price;
  readonly isCanceled: boolean;
  /** The vendor's time stamp, epoch ms; `undefined` if it gave none. */
  readonly executedAtMs: number | undefined;
};

/** A piece of evidence with the vendor's time stamp of it, epoch ms. */
export type Observed<Value> = Value & { readonly observedAtMs: number };

/** How sure the flow was at a moment, 0 to 1. */
export type ConvictionPoint = { readonly conviction: number; readonly atMs: number };

/** The regimes of the whole market. */
export type MarketRegime = "riskOn" | "riskOff" | "mixed";

/** What insiders did; the modifier says how strongly, 0 to 0.5. */
type InsiderEvidence = {
  readonly direction: Direction;
  readonly modifier: number;
  readonly tradeCount: number;
};

/** How short interest stands; a share of the float is 0 to 1. */
type ShortsEvidence = {
  readonly shortInterestShare: number | undefined;
  readonly daysToCover: number | undefined;
  /** Shares. */
  readonly failsToDeliver: number | undefined;
};

/** What institutions hold and how they moved; `valueShare` is 0 to 1. */
type InstitutionalEvidence = {
  readonly direction: Direction;
  readonly holderCount: number;
  readonly valueShare: number;
};

/** The whole market's option premium: positive is bought, negative is sold. */
export type MarketTide = Observed<{
  readonly netCallPremium: Money;
  readonly netPutPremium: Money;
}>;

/** What is on the calendar for a symbol. */
type CalendarEvidence = {
  /** `undefined` if no earnings are near. */
  readonly daysToEarnings: number | undefined;
  readonly hasFdaEvent: boolean;
  readonly economicEventCount: number;
};

/**
 * What is said of a symbol once a day or so: all of it is put together at once, and the same object
 * says the same. A field that is absent is not known; it never means zero, empty or neutral.
 */
export type DailyEvidence = {
  readonly insider?: Observed<InsiderEvidence> | undefined;
  readonly ivTermSkew?:
    | Observed<{ readonly skew: number; readonly direction: Direction }>
    | undefined;
  readonly smileSlope?: Observed<{ readonly slope: number }> | undefined;
  /** 0 to 1. */
  readonly eventAlignment?: Observed<{ readonly alignment: number }> | undefined;
  /** 0 to 1. */
  readonly toxicity?: Observed<{ readonly toxicity: number }> | undefined;
  readonly regime?: Observed<{ readonly regime: MarketRegime }> | undefined;
  readonly congress?:
    | Observed<{ readonly direction: Direction; readonly recentTradeCount: number }>
    | undefined;
  readonly shorts?: Observed<ShortsEvidence> | undefined;
  readonly institutional?: Observed<InstitutionalEvidence> | undefined;
  readonly calendar?: Observed<CalendarEvidence> | undefined;
  /** `strength` is 0 to 1. */
  readonly etfFlow?:
    | Observed<{ readonly direction: Direction; readonly strength: number }>
    | undefined;
  /** Signed gamma exposure in the vendor's units. */
  readonly greeks?: Observed<{ readonly gammaExposure: number }> | undefined;
  /** Shares that were sold and not delivered. */
  readonly failsToDeliver?: Observed<{ readonly quantity: number }> | undefined;
  /** 0 to 100. */
  readonly ivRank?: Observed<{ readonly rank: number }> | undefined;
  /** Signed change in contracts. */
  readonly openInterestChange?:
    | Observed<{ readonly change: number; readonly direction: Direction }>
    | undefined;
  readonly squeeze?: Observed<{ readonly isHigh: boolean; readonly signCount: number }> | undefined;
};

/**
 * Everything the flow vendor gives about one symbol, before enrichment: what changes within a
 * session part by part, and the rest apart, so that a change is a copy of a few fields. A part that
 * is absent is not known; it never means zero, empty or neutral.
 */
export type FlowEvidence = {
  readonly symbol: Ticker;
  readonly daily: DailyEvidence;
  /** What the vendor listed, possibly nothing; each alert has its own time stamp. */
  readonly flowAlerts?: Observed<{ readonly alerts: readonly FlowAlert[] }> | undefined;
  readonly darkPool?: Observed<{ readonly prints: readonly DarkPoolPrint[] }> | undefined;
  /** Oldest first. */
  readonly convictionHistory?:
    | Observed<{ readonly points: readonly ConvictionPoint[] }>
    | undefined;
};

/**
 * Everything the flow vendor gives at a moment: one record a symbol that anything is known of, and
 * what is said of the market as a whole, which is apart because it changes while no symbol does.
 */
export type MarketFlow = {
  readonly evidence: readonly FlowEvidence[];
  /** `undefined` where it is not known. */
  readonly marketTide: MarketTide | undefined;
};
