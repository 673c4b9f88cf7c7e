import { epochMsToNewYork, newYorkToEpochMs } from "../../market/new-york-time.ts";
import { addDays, sessionDateToDayNumber, type SessionDate } from "../../market/session-date.ts";
import type { Ticker } from "../../market/ticker.ts";
import type { DailyEvidence } from "../flow.ts";

/** The dates of a symbol's earnings reports, past and coming. */
export type EarningsDates = { readonly dates: readonly SessionDate[] };

/** When figures on the economy are published, epoch ms. */
export type EconomicEvents = { readonly atMs: readonly number[] };

/** A decision of the drug agency about a company, from the first to the last day it may come. */
export type DrugDecision = {
  readonly symbol: Ticker;
  readonly from: SessionDate;
  readonly to: SessionDate;
};

/** The three calendars; one that is absent could not be read. */
export type Calendars = {
  readonly earnings?: EarningsDates | undefined;
  readonly economicEvents?: EconomicEvents | undefined;
  readonly drugDecisions?: readonly DrugDecision[] | undefined;
};

/** A decision that is due within so many days counts. */
const DECISION_DAYS = 7;

/**
 * What is on the calendars for a symbol on the day of `nowMs`. All three must have been read: a
 * calendar that is not known is not an empty one.
 */
export const calendarEvidenceOf = (
  symbol: Ticker,
  { earnings, economicEvents, drugDecisions }: Calendars,
  nowMs: number,
): DailyEvidence["calendar"] => {
  if (earnings === undefined || economicEvents === undefined || drugDecisions === undefined) {
    return undefined;
  }
  const { date } = epochMsToNewYork(nowMs);
  const startsAtMs = newYorkToEpochMs(date, 0);
  const endsAtMs = newYorkToEpochMs(addDays(date, 1), 0);
  const latest = addDays(date, DECISION_DAYS);
  return {
    daysToEarnings: daysToNext(earnings.dates, date),
    hasFdaEvent: drugDecisions.some(
      (each) => each.symbol === symbol && each.to >= date && each.from <= latest,
    ),
    economicEventCount: economicEvents.atMs.filter((atMs) => atMs >= startsAtMs && atMs < endsAtMs)
      .length,
    observedAtMs: startsAtMs,
  };
};

/** Whole days to the next of the dates, today included. */
const daysToNext = (dates: readonly SessionDate[], today: SessionDate): number | undefined => {
  let nearest: number | undefined;
  for (const date of dates) {
    const days = sessionDateToDayNumber(date) - sessionDateToDayNumber(today);
    if (days >= 0 && (nearest === undefined || days < nearest)) nearest = days;
  }
  return nearest;
};
