import type { Clock } from "../../ports/clock.ts";

/** How many requests a vendor may still get in this minute, by what this environment has sent. */
export type RequestQuota = {
  readonly perMinute: number;
  readonly left: () => number;
  readonly take: (requests: number) => void;
};

const WINDOW_MS = 60_000;

/** Counts over the last minute; `perMinute` bounds what is remembered as well. */
export const createRequestQuota = (clock: Clock, perMinute: number): RequestQuota => {
  let sent: { readonly atMs: number; readonly requests: number }[] = [];
  const count = (): number => {
    const sinceMs = clock.monotonicMs() - WINDOW_MS;
    sent = sent.filter(({ atMs }) => atMs > sinceMs);
    return sent.reduce((sum, { requests }) => sum + requests, 0);
  };
  return {
    perMinute,
    left: () => Math.max(0, perMinute - count()),
    take: (requests) => {
      sent.push({ atMs: clock.monotonicMs(), requests });
    },
  };
};
