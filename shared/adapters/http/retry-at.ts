/** A vendor that says to stay away for longer is not believed: one window is a minute. */
const WAIT_MAX_MS = 60 * 60_000;

/**
 * When a vendor that limits our rate said to come back, epoch ms: `X-RateLimit-Reset` in epoch
 * seconds, else `Retry-After` in seconds; `undefined` if neither says anything sensible.
 */
export const retryAtMs = (
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): number | undefined => {
  const resetSeconds = wholeNumber(headers["x-ratelimit-reset"]);
  const afterSeconds = wholeNumber(headers["retry-after"]);
  const atMs =
    resetSeconds !== undefined
      ? resetSeconds * 1000
      : afterSeconds !== undefined
        ? nowMs + afterSeconds * 1000
        : undefined;
  return atMs !== undefined && atMs <= nowMs + WAIT_MAX_MS ? Math.max(atMs, nowMs) : undefined;
};

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
