/** A vendor that says to stay away for longer is not believed: one window is a minute. */
const WAIT_MAX_MS = 60 * 60_000;

/**
 * When a vendor that limits our rate said to come back, epoch ms: by `X-RateLimit-Reset` in epoch
 * seconds or `Retry-After` in seconds or as a date, whichever is later; `undefined` if neither says
 * anything sensible.
 */
export const retryAtMs = (
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): number | undefined => {
  const resetSeconds = wholeNumber(headers["x-ratelimit-reset"]);
  const moments = [
    resetSeconds === undefined ? undefined : resetSeconds * 1_000,
    momentOf(headers["retry-after"], nowMs),
  ].filter((atMs): atMs is number => atMs !== undefined && atMs <= nowMs + WAIT_MAX_MS);
  return moments.length === 0 ? undefined : Math.max(nowMs, ...moments);
};

const momentOf = (retryAfter: string | undefined, nowMs: number): number | undefined => {
  const seconds = wholeNumber(retryAfter);
  if (seconds !== undefined) return nowMs + seconds * 1_000;
  return retryAfter !== undefined && HTTP_DATE.test(retryAfter)
    ? finite(Date.parse(retryAfter))
    : undefined;
};

/** The one form of a date that servers may still write (RFC 9110). */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
