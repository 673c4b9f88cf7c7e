import type * as z from "zod";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { Calendars } from "../../domain/signals/evidence/calendar-evidence.ts";
import type { DailyEvidence, FlowEvidence, MarketTide } from "../../domain/signals/flow.ts";

/**
 * What one endpoint tells about a symbol; nothing is in it that the endpoint did not say. What
 * several endpoints tell together (the calendar, a squeeze) is put together afterwards.
 */
export type EvidencePart = Omit<DailyEvidence, "calendar" | "squeeze"> &
  Pick<FlowEvidence, "darkPool"> &
  Calendars & { readonly marketTide?: MarketTide };

/** An endpoint that is asked now and then, for one symbol or for the whole market. */
export type Endpoint = {
  readonly name: string;
  readonly scope: "symbol" | "market";
  /** It is asked again after so many milliseconds, counted for each symbol by itself. */
  readonly intervalMs: number;
  readonly path: (symbol: Ticker) => string;
  /** What it says of a symbol when asked at `nowMs`. */
  readonly contract: (symbol: Ticker, nowMs: number) => z.ZodType<EvidencePart>;
};

/** The elements with the newest time; empty if there is none. */
export const newestOf = <Element>(
  elements: readonly Element[],
  timeOf: (element: Element) => number,
): { readonly atMs: number; readonly elements: readonly Element[] } => {
  let atMs = -Infinity;
  for (const element of elements) atMs = Math.max(atMs, timeOf(element));
  return { atMs, elements: elements.filter((element) => timeOf(element) === atMs) };
};
