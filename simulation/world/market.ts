import { hashText, normalAt, uniformAt } from "../../local/exchange/hash.ts";
import { usd } from "../../shared/domain/market/money.ts";
import { PRICE_UNITS_PER_USD, roundToTick, type Price } from "../../shared/domain/market/price.ts";
import type { Quote } from "../../shared/domain/market/quote.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { FlowEvidence, MarketTide } from "../../shared/domain/signals/flow.ts";
import { enrichEvidence, strongTide } from "./rich-flow.ts";

/** One symbol's market now. Changed in place, at every step. */
export type SymbolMarket = {
  readonly symbol: Ticker;
  readonly key: number;
  mid: number;
  quote: Quote;
  previousClose: Price;
};

/** A market that moves fast enough for stops and targets to be met within minutes. */
export type SimulatedMarket = {
  readonly symbols: readonly SymbolMarket[];
  readonly of: (symbol: Ticker) => SymbolMarket | undefined;
  /** Moves every price to a moment that is a whole number of steps. */
  readonly step: (nowMs: number) => void;
  /** What the flow vendor knows of a symbol; `undefined` while it knows nothing. */
  readonly flowOf: (symbol: Ticker, nowMs: number) => FlowEvidence | undefined;
  /** What it knows of the market as a whole. */
  readonly tideAt: (nowMs: number) => MarketTide | undefined;
  /** The price becomes another one, `factor` times what it was, and stays there: news. */
  readonly jump: (symbol: Ticker, factor: number) => void;
  /** Divides a symbol's price by `ratio`, over night. */
  readonly split: (symbol: Ticker, ratio: number) => void;
};

/** Every symbol has a new quote so often. */
export const MARKET_STEP_MS = 5_000;

/** Standard deviation of a step, as a share of the price; four steps in a row may carry a trend. */
const SIGMA = 0.000_6;
const PULL = 0.004;
const HALF_SPREAD = 0.000_15;
const SPELL_MS = 4 * 60_000;
const ALERT_STEP_MS = 20_000;
/** In so many spells of a hundred nothing much happens. */
const WEAK_SHARE = 0.2;
/** Below this a draw is bullish. */
const CALL_SHARE = 0.75;

/**
 * What the flow vendor shows: alerts alone, which is enough for settings that are drawn for it, or
 * everything that a user's own weights may look at.
 */
export type FlowRichness = "alerts" | "everything";

/** A market from a seed's key: a walk around a price that is different for each symbol. */
export const createSimulatedMarket = (
  marketKey: number,
  symbols: readonly Ticker[],
  startsAtMs: number,
  flow: FlowRichness,
): SimulatedMarket => {
  const bases = new Map<Ticker, number>();
  const list = symbols.map((symbol): SymbolMarket => {
    const key = hashText(`${marketKey}/${symbol}`);
    const base = 40 + Math.floor(uniformAt(key, -1) * 120);
    bases.set(symbol, base);
    return {
      symbol,
      key,
      mid: base,
      quote: quoteAt(symbol, base, key, startsAtMs),
      previousClose: roundToTick(base * PRICE_UNITS_PER_USD),
    };
  });
  const bySymbol = new Map(list.map((market) => [market.symbol, market]));
  const flows = new Map<Ticker, { readonly step: number; readonly evidence: FlowEvidence }>();
  return {
    symbols: list,
    of: (symbol) => bySymbol.get(symbol),
    step: (nowMs) => {
      const step = Math.floor(nowMs / MARKET_STEP_MS);
      for (const market of list) {
        const base = bases.get(market.symbol) ?? market.mid;
        const drift = PULL * Math.log(base / market.mid);
        market.mid *= Math.exp(drift + SIGMA * normalAt(market.key, step, 1));
        market.quote = quoteAt(market.symbol, market.mid, market.key, nowMs);
      }
    },
    flowOf: (symbol, nowMs) => {
      const market = bySymbol.get(symbol);
      if (market === undefined) return undefined;
      const step = Math.floor(nowMs / ALERT_STEP_MS);
      const known = flows.get(symbol);
      if (known?.step === step) return known.evidence;
      const evidence = drawFlow(market, step * ALERT_STEP_MS, flow);
      flows.set(symbol, { step, evidence });
      return evidence;
    },
    tideAt: (nowMs) => {
      if (flow === "alerts") return undefined;
      const isUp = uniformAt(marketKey, Math.floor(nowMs / SPELL_MS), 4) < CALL_SHARE;
      return strongTide(isUp ? "bullish" : "bearish", nowMs);
    },
    jump: (symbol, factor) => {
      const market = bySymbol.get(symbol);
      if (market === undefined) return;
      market.mid *= factor;
      bases.set(symbol, (bases.get(symbol) ?? market.mid) * factor);
    },
    split: (symbol, ratio) => {
      const market = bySymbol.get(symbol);
      if (market === undefined) return;
      market.previousClose = market.quote.bid;
      market.mid /= ratio;
      bases.set(symbol, (bases.get(symbol) ?? market.mid * ratio) / ratio);
    },
  };
};

const quoteAt = (symbol: Ticker, mid: number, key: number, atMs: number): Quote => {
  const bid = roundToTick(mid * (1 - HALF_SPREAD) * PRICE_UNITS_PER_USD);
  const ask = Math.max(bid + 100, roundToTick(mid * (1 + HALF_SPREAD) * PRICE_UNITS_PER_USD));
  const step = Math.floor(atMs / MARKET_STEP_MS);
  return {
    symbol,
    bid,
    ask: ask as Price,
    bidSize: 1 + Math.floor(uniformAt(key, step, 2) * 40),
    askSize: 1 + Math.floor(uniformAt(key, step, 3) * 40),
    exchangeTimeMs: atMs,
  };
};

/** Large trades in one direction for a few minutes, so that something is to be done all the time. */
const drawFlow = (market: SymbolMarket, atMs: number, flow: FlowRichness): FlowEvidence => {
  const { symbol, key } = market;
  const spell = Math.floor((atMs + (key % SPELL_MS)) / SPELL_MS);
  const draw = uniformAt(key, spell, 4);
  const premium = usd(draw < WEAK_SHARE ? 20_000 : 2_500_000);
  const contract = draw < CALL_SHARE ? "call" : "put";
  const alerts = [0, 1].map(
    (index) =>
      ({
        symbol,
        contract,
        strike: roundToTick(50 * PRICE_UNITS_PER_USD),
        expiry: "2026-12-18",
        totalPremium: premium,
        askSidePremium: premium,
        bidSidePremium: usd(0),
        isSweep: index === 0,
        isMultiLeg: false,
        createdAtMs: atMs - index * 1_000,
      }) as const,
  );
  const evidence = { symbol, daily: {}, flowAlerts: { alerts, observedAtMs: atMs } };
  return flow === "alerts" || draw < WEAK_SHARE
    ? evidence
    : enrichEvidence(evidence, market, contract === "call" ? "bullish" : "bearish", atMs);
};
