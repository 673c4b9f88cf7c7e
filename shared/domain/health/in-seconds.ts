/** Whole seconds, in digits. */
export const inSeconds = (ms: number): string => Math.round(ms / 1_000).toString();
