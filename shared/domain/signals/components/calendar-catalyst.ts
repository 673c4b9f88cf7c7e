import type { EnrichedFlow } from "../enrich-flow.ts";

const EARNINGS_DAYS_MAX = 7;

/** Strength of what is due: earnings within 7 days, an FDA decision, economic events. */
export const calendarCatalyst = ({ evidence }: EnrichedFlow): number | undefined => {
  if (evidence.daily.calendar === undefined) return undefined;
  const { daysToEarnings, hasFdaEvent, economicEventCount } = evidence.daily.calendar;
  const isNear =
    daysToEarnings !== undefined && daysToEarnings >= 0 && daysToEarnings <= EARNINGS_DAYS_MAX;
  const earnings = isNear ? 0.4 * (1 - daysToEarnings / EARNINGS_DAYS_MAX) : 0;
  return earnings + (hasFdaEvent ? 0.5 : 0) + 0.2 * Math.min(1, economicEventCount / 3);
};
