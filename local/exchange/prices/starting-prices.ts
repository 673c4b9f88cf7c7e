import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { hashText, uniformAt } from "../hash.ts";

/** What a symbol is like: its price in USD, how much it moves, and its shares traded in a day. */
export type SymbolProfile = {
  readonly priceUsd: number;
  /** Movement against the broad market's, which is 1. */
  readonly volatility: number;
  /** How closely it follows the market, 0 to 1 and above. */
  readonly beta: number;
  readonly dailyShares: number;
};

type Row = readonly [priceUsd: number, volatility: number, beta: number, dailyMillions: number];

// Plausible, not current: the process needs a start, and readers need to recognise a symbol.
const KNOWN: Readonly<Record<string, Row>> = {
  SPY: [580, 1, 1, 55],
  QQQ: [500, 1.25, 1.15, 38],
  IWM: [220, 1.35, 1.1, 27],
  DIA: [430, 0.95, 0.9, 3],
  AAPL: [230, 1.5, 1.1, 50],
  MSFT: [430, 1.4, 1.05, 21],
  NVDA: [135, 2.5, 1.7, 220],
  AMZN: [200, 1.8, 1.25, 38],
  GOOGL: [175, 1.7, 1.1, 26],
  META: [570, 1.9, 1.25, 14],
  TSLA: [260, 3, 1.8, 85],
  AMD: [150, 2.6, 1.6, 45],
  NFLX: [720, 1.9, 1.1, 4],
  JPM: [225, 1.3, 0.95, 9],
  BAC: [42, 1.5, 1, 38],
  WFC: [64, 1.5, 1, 17],
  GS: [520, 1.5, 1.1, 2],
  XOM: [118, 1.3, 0.7, 14],
  CVX: [152, 1.3, 0.7, 8],
  UNH: [570, 1.3, 0.5, 4],
  JNJ: [160, 0.9, 0.4, 7],
  PFE: [28, 1.3, 0.5, 35],
  KO: [68, 0.8, 0.4, 12],
  PEP: [172, 0.8, 0.4, 5],
  WMT: [82, 1, 0.5, 17],
  COST: [900, 1.1, 0.7, 2],
  HD: [400, 1.2, 0.9, 4],
  DIS: [95, 1.5, 1, 10],
  IBM: [215, 1.1, 0.7, 4],
  INTC: [23, 2.2, 1.1, 70],
  CRM: [290, 1.7, 1.1, 6],
  ORCL: [170, 1.6, 1, 8],
  BA: [155, 1.9, 1.1, 9],
  CAT: [380, 1.4, 1, 3],
  GE: [185, 1.5, 1, 5],
  F: [11, 1.8, 1.1, 48],
  GM: [48, 1.8, 1.1, 12],
  T: [22, 1, 0.5, 35],
  VZ: [43, 0.9, 0.4, 17],
  PLTR: [42, 3.2, 1.6, 60],
  COIN: [200, 3.8, 1.9, 9],
  AIG: [76, 1.3, 0.9, 4],
  V: [280, 1.1, 0.9, 6],
  MA: [500, 1.1, 0.9, 3],
};

/** The profile of a well-known symbol, or one made from the letters of any other. */
export const profileOf = (symbol: Ticker): SymbolProfile => {
  const key = hashText(symbol);
  const [priceUsd, volatility, beta, dailyMillions] = KNOWN[symbol] ?? [
    // Between 12 and 400 USD, small prices more often than large ones.
    Math.round(12 * Math.exp(uniformAt(key, 1) * 3.5) * 100) / 100,
    1.2 + uniformAt(key, 2) * 1.6,
    0.6 + uniformAt(key, 3) * 0.9,
    1 + uniformAt(key, 4) * 12,
  ];
  return { priceUsd, volatility, beta, dailyShares: dailyMillions * 1_000_000 };
};
