import type { Price } from "../market/price.ts";
import type { ValidQuote } from "../market/quote.ts";
import type { Direction } from "./direction.ts";
import {
  createIndicators,
  DEFAULT_INDICATOR_POLICY,
  indicatorDirection,
  type Indicators,
} from "./indicators.ts";
import type { CompositeScore } from "./score.ts";

/** The basic indicators of a symbol that is held, minute by minute. Changed in place. */
export type BasicTrack = {
  readonly indicators: Indicators;
  /** The newest slot that was counted, epoch ms. */
  slotMs: number;
  direction: Direction;
};

/** A gap that is longer begins the indicators anew: averages over a hole are of no price. */
const GAP_MAX_MS = 5 * 60_000;

/** The track after a minute's quote; a slot that comes twice counts once. */
export const afterQuote = (
  before: BasicTrack | undefined,
  { symbol, bid, ask }: ValidQuote,
  slotMs: number,
): BasicTrack => {
  const isContinued = before !== undefined && slotMs - before.slotMs <= GAP_MAX_MS;
  const track: BasicTrack = isContinued
    ? before
    : {
        indicators: createIndicators(DEFAULT_INDICATOR_POLICY),
        slotMs: -Infinity,
        direction: "neutral",
      };
  if (slotMs <= track.slotMs) return track;
  const close = Math.round((bid + ask) / 2) as Price;
  const bar = {
    symbol,
    open: close,
    high: close,
    low: close,
    close,
    volume: 0,
    startsAtMs: slotMs,
  };
  track.slotMs = slotMs;
  track.direction = indicatorDirection(track.indicators.afterBar(bar));
  return track;
};

/**
 * Whether the composite score can be relied on for an exit; without flow, or on flow that is too
 * old to enter on, basic indicators stand in for it (E8). Entries never have a stand-in.
 */
export const isModelUsable = (
  score: CompositeScore | undefined,
  freshnessMin: number,
): score is CompositeScore => score !== undefined && score.freshness >= freshnessMin;
