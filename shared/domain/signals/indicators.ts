import { ATR, EMA, RSI, SMA } from "trading-signals";
import { priceToFloat } from "../market/price.ts";
import type { Bar } from "../market/quote.ts";
import type { Direction } from "./direction.ts";

/** How many bars each indicator looks at. */
export type IndicatorPolicy = {
  readonly fastBars: number;
  readonly slowBars: number;
  readonly rsiBars: number;
  readonly atrBars: number;
};

/** The usual lengths. */
export const DEFAULT_INDICATOR_POLICY: IndicatorPolicy = {
  fastBars: 9,
  slowBars: 21,
  rsiBars: 14,
  atrBars: 14,
};

/** The indicators after a bar, in USD where they are prices; `undefined` until enough bars came. */
export type IndicatorReading = {
  /** Simple moving average of closes over `slowBars`. */
  readonly sma: number | undefined;
  /** Exponential moving average of closes over `fastBars`. */
  readonly ema: number | undefined;
  /** Relative strength index with Wilder's smoothing, 0 to 100. */
  readonly rsi: number | undefined;
  /** Average true range with Wilder's smoothing. */
  readonly atr: number | undefined;
};

/** The indicators of one symbol; each call takes the next bar and gives the reading after it. */
export type Indicators = { readonly afterBar: (bar: Bar) => IndicatorReading };

/** Makes the indicators of one symbol; feed it the symbol's bars, oldest first. */
export const createIndicators = (policy: IndicatorPolicy): Indicators => {
  const sma = new SMA(policy.slowBars);
  const ema = new EMA(policy.fastBars);
  const rsi = new RSI(policy.rsiBars);
  const atr = new ATR(policy.atrBars);
  let barCount = 0;
  return {
    afterBar: (bar) => {
      barCount++;
      const close = priceToFloat(bar.close);
      const emaNow = ema.add(close);
      return {
        sma: sma.add(close) ?? undefined,
        // The package gives a first average from the first bar on; it counts from `fastBars` on.
        ema: barCount < policy.fastBars ? undefined : (emaNow ?? undefined),
        rsi: rsi.add(close) ?? undefined,
        atr:
          atr.add({ high: priceToFloat(bar.high), low: priceToFloat(bar.low), close }) ?? undefined,
      };
    },
  };
};

const RSI_OVERBOUGHT = 70;
const RSI_OVERSOLD = 30;

/**
 * What the basic indicators say when the model or the flow is gone: the side of the slow average on
 * which the fast one stands, unless the relative strength says that the move is exhausted.
 */
export const indicatorDirection = ({ sma, ema, rsi }: IndicatorReading): Direction => {
  if (sma === undefined || ema === undefined || rsi === undefined) return "neutral";
  if (ema > sma) return rsi < RSI_OVERBOUGHT ? "bullish" : "neutral";
  return ema < sma && rsi > RSI_OVERSOLD ? "bearish" : "neutral";
};
