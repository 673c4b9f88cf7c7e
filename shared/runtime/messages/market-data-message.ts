import * as z from "zod";
import { RetryableError } from "../../domain/fault.ts";
import type { QuotedPrice } from "../../domain/market/quote.ts";
import { parseSessionDate, type SessionDate } from "../../domain/market/session-date.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { MARKET_DATA_FORM, type MarketDataMessage } from "../../use-cases/market-data-message.ts";
import { badFieldsOf } from "../bad-fields.ts";
import type { Reader } from "../compile-at-first-use.ts";
import { readQuotes } from "./read-quote-columns.ts";
import { readQuotesBefore } from "./read-quotes-before.ts";

/** As many quotes as a message of 256 KiB can hold, and more. */
const QUOTES_MAX = 5_000;

/** The form before this one, which a sender of the version before still writes. */
const FORM_BEFORE = 4;

/** The head of a market-data message; its quotes are read by hand, a column at a time. */
export const MarketDataHead = z.strictObject({
  form: z.literal([FORM_BEFORE, MARKET_DATA_FORM]),
  cycleId: z.string().min(1).max(64),
  slotMs: z.int().min(0),
  // Asked, not transformed: a message's head is read a hundred thousand times a day.
  sessionDate: z.custom<SessionDate>(
    (value) => typeof value === "string" && parseSessionDate(value) !== undefined,
  ),
  shard: z.int().min(0).max(1_000),
  symbols: z.unknown(),
  quotes: z.unknown(),
});

/**
 * A sender may be newer than its reader: while a release rolls out, or is rolled back with messages
 * in the queue. Such a message is not bad, only early; refused, it would be dead at once, though
 * the very reader that takes it is a minute away.
 */
const newerFormOf = (value: unknown): number | undefined => {
  if (typeof value !== "object" || value === null || !("form" in value)) return undefined;
  const { form } = value;
  const isNewer = typeof form === "number" && Number.isSafeInteger(form) && form > MARKET_DATA_FORM;
  return isNewer ? form : undefined;
};

/**
 * Reads a market-data message from JSON, its head as it is or compiled; the refusal names fields,
 * never values. Throws `RetryableError` for one of a newer form: it goes back, and comes again.
 */
export const readMarketDataMessage = (
  value: unknown,
  head: Reader<z.output<typeof MarketDataHead>> = MarketDataHead,
): Result<MarketDataMessage, string> => {
  const newer = newerFormOf(value);
  if (newer !== undefined) {
    throw new RetryableError(
      `The message has form ${newer}, and this reader knows ${MARKET_DATA_FORM}.`,
    );
  }
  const envelope = head.safeParse(value);
  if (!envelope.success) return err(badFieldsOf(envelope.error));
  const { cycleId, slotMs, sessionDate, shard } = envelope.data;
  const quotes = quotesIn(envelope.data);
  if (typeof quotes === "string") return err(quotes);
  return ok({ cycleId, slotMs, sessionDate, shard, quotes });
};

const quotesIn = ({
  form,
  symbols,
  quotes,
}: z.output<typeof MarketDataHead>): readonly QuotedPrice[] | string => {
  switch (form) {
    case FORM_BEFORE:
      return readQuotesBefore(symbols, quotes, QUOTES_MAX);
    case MARKET_DATA_FORM:
      return readQuotes(symbols, quotes, QUOTES_MAX);
  }
};
