import * as z from "zod";
import type { ReadTick } from "../../use-cases/recover-ticks.ts";
import { readValidQuote } from "./read-valid-quote.ts";

const Line = z.strictObject({
  shard: z.int().min(0).max(1_000),
  slotMs: z.number().min(0),
  takenAtMs: z.number().min(0),
  quote: z.unknown(),
});

/** Reads one line of the ticks' buffer. */
export const readTickLine: ReadTick = (line) => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = Line.safeParse(value);
  if (!parsed.success) return undefined;
  const quote = readValidQuote(parsed.data.quote);
  return typeof quote === "string" ? undefined : { ...parsed.data, quote };
};
