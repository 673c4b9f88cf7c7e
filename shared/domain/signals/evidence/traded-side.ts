import type { Direction } from "../direction.ts";

/** A purchase or sale that somebody had to report. */
export type ReportedTrade = {
  readonly side: "buy" | "sell";
  /** What it counts for: shares, or 1 where only its range is published. */
  readonly weight: number;
  /** The day of the trade, epoch ms of its start in New York. */
  readonly tradedAtMs: number;
};

/** What reported trades lean to, with how clearly: 0 where both sides weigh the same, 1 at most. */
export type TradedLean = {
  readonly direction: Direction;
  readonly clarity: number;
  readonly tradeCount: number;
};

const RECENT_DAYS = 90;
const RECENT_MS = RECENT_DAYS * 86_400_000;

/** Leans that are less clear are none: one trade more on one side of many says nothing. */
const CLARITY_MIN = 0.1;

/** The lean of the trades of the last 90 days. */
export const tradedLeanOf = (trades: readonly ReportedTrade[], nowMs: number): TradedLean => {
  let bought = 0;
  let sold = 0;
  let tradeCount = 0;
  for (const { side, weight, tradedAtMs } of trades) {
    if (nowMs - tradedAtMs > RECENT_MS) continue;
    tradeCount++;
    if (side === "buy") bought += weight;
    else sold += weight;
  }
  const all = bought + sold;
  const clarity = all > 0 ? Math.abs(bought - sold) / all : 0;
  if (clarity < CLARITY_MIN) return { direction: "neutral", clarity: 0, tradeCount };
  return { direction: bought > sold ? "bullish" : "bearish", clarity, tradeCount };
};
