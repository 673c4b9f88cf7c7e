import type { BreakerPolicy } from "./breaker-policy.ts";
import { isSlow, type TellingOutcome } from "./outcome.ts";

/**
 * Counts over a rolling window in constant space: those of the running slice, which is as long as
 * the window, and those of the slice before it, which count by the part that is still within.
 */
export type CallWindow = {
  /** When the running slice began, epoch ms. */
  readonly startedAtMs: number;
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  readonly callsBefore: number;
  readonly failuresBefore: number;
  readonly slowBefore: number;
};

/** A window that has seen nothing. */
export const emptyWindow = (nowMs: number): CallWindow => ({
  startedAtMs: nowMs,
  calls: 0,
  failures: 0,
  slow: 0,
  callsBefore: 0,
  failuresBefore: 0,
  slowBefore: 0,
});

/** Counts one call that ended at `nowMs`. */
export const countCall = (
  before: CallWindow,
  outcome: TellingOutcome,
  nowMs: number,
  policy: BreakerPolicy,
): CallWindow => {
  const window =
    nowMs - before.startedAtMs < policy.windowMs ? before : slide(before, nowMs, policy);
  return {
    startedAtMs: window.startedAtMs,
    calls: window.calls + 1,
    failures: outcome.type === "failure" ? window.failures + 1 : window.failures,
    slow: isSlow(outcome, policy.slowMs) ? window.slow + 1 : window.slow,
    callsBefore: window.callsBefore,
    failuresBefore: window.failuresBefore,
    slowBefore: window.slowBefore,
  };
};

/** Counts calls that went well, all at once. */
export const countGoodCalls = (
  before: CallWindow,
  calls: number,
  atMs: number,
  policy: BreakerPolicy,
): CallWindow => {
  const window = slide(before, atMs, policy);
  return { ...window, calls: window.calls + calls };
};

/** Whether the window's calls are enough to judge by, and too many of them failed or were slow. */
export const exceedsShares = (
  window: CallWindow,
  nowMs: number,
  policy: BreakerPolicy,
): "failures" | "slowness" | undefined => {
  const rates = windowRates(window, nowMs, policy);
  if (rates.calls < policy.callsMin) return undefined;
  if (rates.failures > policy.failureShareMax * rates.calls) return "failures";
  return rates.slow > policy.slowShareMax * rates.calls ? "slowness" : undefined;
};

/** Calls, failures and slow calls of the last `windowMs`, as estimated from both slices. */
export const windowRates = (
  before: CallWindow,
  nowMs: number,
  policy: BreakerPolicy,
): { readonly calls: number; readonly failures: number; readonly slow: number } => {
  const window = slide(before, nowMs, policy);
  const passed = Math.max(0, nowMs - window.startedAtMs);
  const within = policy.windowMs === 0 ? 0 : Math.max(0, 1 - passed / policy.windowMs);
  return {
    calls: window.calls + window.callsBefore * within,
    failures: window.failures + window.failuresBefore * within,
    slow: window.slow + window.slowBefore * within,
  };
};

/** Begins a new slice where the running one is over; after two windows nothing is left. */
const slide = (window: CallWindow, nowMs: number, { windowMs }: BreakerPolicy): CallWindow => {
  const passedMs = nowMs - window.startedAtMs;
  if (passedMs < windowMs) return window;
  if (passedMs >= 2 * windowMs) return emptyWindow(nowMs);
  return {
    startedAtMs: window.startedAtMs + windowMs,
    calls: 0,
    failures: 0,
    slow: 0,
    callsBefore: window.calls,
    failuresBefore: window.failures,
    slowBefore: window.slow,
  };
};
