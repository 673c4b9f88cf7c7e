import * as z from "zod";
import { parseSessionDate } from "../../domain/market/session-date.ts";
import type { ValidQuote } from "../../domain/market/quote.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { MARKET_DATA_FORM, type MarketDataMessage } from "../../use-cases/market-data-message.ts";
import { badFieldsOf } from "../bad-fields.ts";
import { readQuoteValues } from "./read-valid-quote.ts";

/** As many quotes as a message of 256 KiB can hold, and more. */
const QUOTES_MAX = 5_000;

const Envelope = z.strictObject({
  form: z.literal(MARKET_DATA_FORM),
  cycleId: z.string().min(1).max(64),
  slotMs: z.int().min(0),
  sessionDate: z.string().transform((text, context) => {
    const date = parseSessionDate(text);
    if (date !== undefined) return date;
    context.addIssue("A session date exists.");
    return z.NEVER;
  }),
  shard: z.int().min(0).max(1_000),
  quotes: z.unknown(),
});

/** Reads a market-data message from JSON; the refusal names fields, never values. */
export const readMarketDataMessage = (value: unknown): Result<MarketDataMessage, string> => {
  const envelope = Envelope.safeParse(value);
  if (!envelope.success) return err(badFieldsOf(envelope.error));
  const list: unknown = envelope.data.quotes;
  if (!Array.isArray(list) || list.length > QUOTES_MAX) return err("quotes");
  const quotes: ValidQuote[] = [];
  for (let index = 0; index < list.length; index++) {
    const quote = readQuoteValues(list[index]);
    if (typeof quote === "string") return err(`quotes.${index}.${quote}`);
    quotes.push(quote);
  }
  const { cycleId, slotMs, sessionDate, shard } = envelope.data;
  return ok({ cycleId, slotMs, sessionDate, shard, quotes });
};
