import * as z from "zod";
import type { ValidQuote } from "../../../domain/market/quote.ts";
import { EpochMsCodec, PriceCodec, TickerCodec } from "./primitives.ts";

const sizeCodec = z.number().min(0);
const vendorCodec = z.enum(["alpaca", "polygon", "yahoo", "tiingo", "recorded"]);

/**
 * Reads a quote that was validated before it was stored or sent. It checks every field again and
 * that bid, mid and ask are in order; age and session are the reader's to judge.
 */
export const ValidQuoteCodec: z.ZodType<ValidQuote> = z
  .object({
    symbol: TickerCodec,
    source: vendorCodec,
    bid: PriceCodec,
    ask: PriceCodec,
    mid: PriceCodec,
    last: PriceCodec.optional(),
    bidSize: sizeCodec,
    askSize: sizeCodec,
    exchangeTimeMs: EpochMsCodec,
    receivedAtMs: EpochMsCodec,
    volume: z.number().min(0).optional(),
    previousClose: PriceCodec.optional(),
    // What was stored before vendors had to agree was confirmed by nobody.
    confirmedBy: z.union([z.literal("single"), z.array(vendorCodec).max(4)]).default([]),
  })
  .refine((quote) => quote.bid > 0 && quote.bid <= quote.mid && quote.mid <= quote.ask)
  .transform((quote): ValidQuote => {
    const checked: Omit<ValidQuote, symbol> = {
      ...quote,
      last: quote.last,
      volume: quote.volume,
      previousClose: quote.previousClose,
    };
    // Only validation makes the brand; every field it vouches for has just been read again.
    return checked as ValidQuote;
  });
