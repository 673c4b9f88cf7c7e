/** What is stamped further ahead of our clock than this is not known to be fresh. */
export const CLOCK_SKEW_MAX_MS = 5_000;
