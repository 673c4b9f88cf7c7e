const WINDOW_MS = 60_000;

/** Whether a request is within the limit, and the headers that say so. */
export type RateDecision = {
  readonly isAllowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
};

/** Counts requests per minute; `nowMs` is epoch ms, and a new minute starts a new count. */
export const createRateLimit = (perMinute: number) => {
  let window = -1;
  let used = 0;
  return (nowMs: number): RateDecision => {
    const current = Math.floor(nowMs / WINDOW_MS);
    if (current !== window) {
      window = current;
      used = 0;
    }
    const isAllowed = used < perMinute;
    if (isAllowed) used++;
    return {
      isAllowed,
      headers: {
        "x-ratelimit-limit": String(perMinute),
        "x-ratelimit-remaining": String(perMinute - used),
        "x-ratelimit-reset": String(((window + 1) * WINDOW_MS) / 1_000),
      },
    };
  };
};
