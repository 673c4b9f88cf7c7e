import { epochMsToNewYork, newYorkToEpochMs } from "../../domain/market/new-york-time.ts";

const MS_PER_HOUR = 3_600_000;
/** On the day on which clocks go forward; any longer day's last hours are worked out each time. */
const SHORTEST_DAY_MS = 23 * MS_PER_HOUR;

// Nearly all quotes are of the same day, and working a day out costs more than reading a quote.
let lastStartMs = 0;

/** When the day of a moment began in New York, epoch ms. */
export const newYorkDayStartMs = (atMs: number): number => {
  if (atMs < lastStartMs || atMs >= lastStartMs + SHORTEST_DAY_MS) {
    lastStartMs = newYorkToEpochMs(epochMsToNewYork(atMs).date, 0);
  }
  return lastStartMs;
};
