import { midOf, type Price } from "../market/price.ts";
import type { QuotedPrice } from "../market/quote.ts";
import type { Ticker } from "../market/ticker.ts";
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
  readonly symbol: Ticker;
  readonly indicators: Indicators;
  /**
   * Minutes that the indicators were not told yet: they are asked only while the model is missing.
   */
  readonly waiting: Minute[];
  /** The newest slot that was counted, epoch ms. */
  slotMs: number;
  /** After the minutes that were told. */
  toldDirection: Direction;
};

/** A minute's last price, halfway between bid and ask. */
type Minute = { readonly close: Price; readonly slotMs: number };

/** A gap that is longer begins the indicators anew: averages over a hole are of no price. */
const GAP_MAX_MS = 5 * 60_000;
/** A session and more; beyond it what waits is told. */
const WAITING_MAX = 600;

/** The track after a minute's quote; a slot that comes twice counts once. */
export const afterQuote = (
  before: BasicTrack | undefined,
  { symbol, bid, ask }: QuotedPrice,
  slotMs: number,
): BasicTrack => {
  const isContinued = before !== undefined && slotMs - before.slotMs <= GAP_MAX_MS;
  const track: BasicTrack = isContinued
    ? before
    : {
        symbol,
        indicators: createIndicators(DEFAULT_INDICATOR_POLICY),
        waiting: [],
        slotMs: -Infinity,
        toldDirection: "neutral",
      };
  if (slotMs <= track.slotMs) return track;
  track.slotMs = slotMs;
  track.waiting.push({ close: midOf(bid, ask), slotMs });
  if (track.waiting.length >= WAITING_MAX) basicDirection(track);
  return track;
};

/** What the basic indicators say after all minutes so far. */
export const basicDirection = (track: BasicTrack): Direction => {
  for (const { close, slotMs } of track.waiting) {
    const bar = {
      symbol: track.symbol,
      open: close,
      high: close,
      low: close,
      close,
      volume: 0,
      startsAtMs: slotMs,
    };
    track.toldDirection = indicatorDirection(track.indicators.afterBar(bar));
  }
  track.waiting.length = 0;
  return track.toldDirection;
};

/**
 * Whether the composite score can be relied on for an exit; without flow, or on flow that is too
 * old to enter on, basic indicators stand in for it (E8). Entries never have a stand-in.
 */
export const isModelUsable = (
  score: CompositeScore | undefined,
  freshnessMin: number,
): score is CompositeScore => score !== undefined && score.freshness >= freshnessMin;
