const NEW_YORK = "America/New_York";
const clockFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: NEW_YORK,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const minuteFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: NEW_YORK,
  hour: "2-digit",
  minute: "2-digit",
});
const dayFormat = new Intl.DateTimeFormat("en-US", {
  timeZone: NEW_YORK,
  weekday: "short",
  month: "short",
  day: "numeric",
});

/** `10:42:17`, in New York. */
export const clockTime = (atMs: number): string => clockFormat.format(atMs);

/** `10:42`, in New York. */
export const minuteTime = (atMs: number): string => minuteFormat.format(atMs);

/** `Mon, Nov 23`, in New York. */
export const dayOf = (atMs: number): string => dayFormat.format(atMs);

/** `5 h 17 m`, `12 m`, `8 s`: a span that a person reads at a glance. */
export const span = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} m`;
  return `${Math.floor(hours / 24)} days`;
};

const moneyFormat = new Intl.NumberFormat("en-US", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const countFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const shareFormat = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });

/** `1,234.56`, with a true minus sign; a dash where nothing is known. */
export const money = (usd: number | null): string =>
  usd === null ? "–" : moneyFormat.format(usd).replace("-", "−");

/** `+12.30` or `−4.00`: a change says its direction. */
export const change = (usd: number | null): string =>
  usd === null ? "–" : `${usd > 0 ? "+" : ""}${money(usd)}`;

/** `+0.42 %`. */
export const percent = (ratio: number | null): string =>
  ratio === null ? "–" : `${change(ratio * 100)} %`;

/** `12,345`. */
export const count = (value: number): string => countFormat.format(value);

/** `12` or `0.25`. */
export const shares = (value: number): string => shareFormat.format(value).replace("-", "−");

/** `staleQuote` and `rejected 403` as words: `stale quote`. */
export const words = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();

/** The names within a sentence as words: `signalReversal, score 2.87` as `signal reversal, …`. */
export const sentenceWords = (sentence: string): string =>
  sentence.replaceAll(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, words);

/** Which way a figure leans, for its colour; the sign stands beside it in words. */
export const leaning = (value: number | null): "up" | "down" | "flat" =>
  value === null || value === 0 ? "flat" : value > 0 ? "up" : "down";
