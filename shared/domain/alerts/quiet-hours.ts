import { epochMsToNewYork } from "../market/new-york-time.ts";

/**
 * When nobody is to be woken for less than the critical; by New York's clocks, over midnight too.
 */
export type QuietHours = {
  /** Ms since 00:00. */
  readonly startsAtMs: number;
  /** Ms since 00:00; the same as the start means the whole day. */
  readonly endsAtMs: number;
};

/**
 * Whether what has this severity waits until the quiet hours are over. What is critical never does,
 * whatever is configured: there is no setting that could silence it.
 */
export const isSilenced = (
  severity: "critical" | "error" | "warning" | "info",
  nowMs: number,
  quietHours: QuietHours | undefined,
): boolean => {
  if (quietHours === undefined || severity === "critical") return false;
  const { startsAtMs, endsAtMs } = quietHours;
  const { msOfDay } = epochMsToNewYork(nowMs);
  return startsAtMs < endsAtMs
    ? msOfDay >= startsAtMs && msOfDay < endsAtMs
    : msOfDay >= startsAtMs || msOfDay < endsAtMs;
};
