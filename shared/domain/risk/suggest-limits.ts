/** One order as its limits saw it; amounts in USD. */
export type OrderSeen = {
  /** `2026-06-01`. */
  readonly sessionDate: string;
  readonly symbol: string;
  readonly isEntry: boolean;
  /** Limit price times quantity; null for a market order. */
  readonly notionalUsd: number | null;
  readonly decidedAtMs: number;
  /** Why the guard denied it; empty where it did not. */
  readonly denials: readonly string[];
};

/** The limits that a history of orders says something about; amounts in USD. */
export type SeenLimits = {
  readonly maxNotionalPerOrderUsd: number;
  readonly maxPositionSizeUsd: number;
  readonly maxEntriesPerDay: number;
  readonly minCooldownMinutes: number;
};

/** What history says about one limit. */
export type LimitSuggestion = {
  readonly limit: keyof SeenLimits;
  readonly current: number;
  /** What 99 of 100 stayed within; null where too little was seen. */
  readonly usual: number | null;
  /** How often this limit denied an order. */
  readonly denied: number;
  /**
   * Tighter than the current one, with a quarter to spare; null where there is nothing to tighten.
   */
  readonly suggested: number | null;
};

/** With less than this nothing is said. */
const SAMPLES_MIN = 20;
const SPARE = 1.25;

/**
 * What a person may want to tighten (S8). It never suggests a looser limit, however often one
 * denied: that is what it is for, and why is a question for people.
 */
export const suggestLimits = (
  orders: readonly OrderSeen[],
  limits: SeenLimits,
): readonly LimitSuggestion[] => {
  const entries = orders.filter(({ isEntry }) => isEntry);
  const taken = entries.filter(({ denials }) => denials.length === 0);
  const notionals = taken.flatMap(({ notionalUsd }) => notionalUsd ?? []);
  const perDay = [...Map.groupBy(taken, ({ sessionDate }) => sessionDate).values()];
  const denied = (reason: string): number =>
    entries.filter(({ denials }) => denials.includes(reason)).length;
  const atMost = (
    limit: keyof SeenLimits,
    seen: readonly number[],
    reason: string,
    samplesMin = SAMPLES_MIN,
  ): LimitSuggestion => {
    const usual = seen.length < samplesMin ? null : quantile(seen, 0.99);
    const wanted = usual === null ? null : Math.ceil(usual * SPARE);
    const current = limits[limit];
    const suggested = wanted !== null && wanted < current ? wanted : null;
    return { limit, current, usual, denied: denied(reason), suggested };
  };
  return [
    atMost("maxNotionalPerOrderUsd", notionals, "notionalPerOrder"),
    atMost("maxPositionSizeUsd", positionsOf(taken), "positionSize"),
    atMost(
      "maxEntriesPerDay",
      perDay.map((day) => day.length),
      "dailyEntries",
      DAYS_MIN,
    ),
    cooldown(taken, limits.minCooldownMinutes, denied("cooldown")),
  ];
};

const DAYS_MIN = 5;

/** The most that a symbol's entries of one session came to. */
const positionsOf = (taken: readonly OrderSeen[]): readonly number[] =>
  [...Map.groupBy(taken, ({ sessionDate, symbol }) => `${sessionDate} ${symbol}`).values()].map(
    (orders) => Math.max(...orders.map(({ notionalUsd }) => notionalUsd ?? 0)),
  );

/** Tighter is longer: where entries of a symbol follow each other rarely, as rarely as they do. */
const cooldown = (
  taken: readonly OrderSeen[],
  current: number,
  denied: number,
): LimitSuggestion => {
  const gaps = [...Map.groupBy(taken, ({ symbol }) => symbol).values()].flatMap((orders) => {
    const times = orders.map(({ decidedAtMs }) => decidedAtMs).toSorted((one, two) => one - two);
    return times.slice(1).map((atMs, index) => (atMs - (times[index] ?? atMs)) / 60_000);
  });
  const usual = gaps.length < SAMPLES_MIN ? null : quantile(gaps, 0.01);
  const wanted = usual === null ? null : Math.floor(usual / SPARE);
  const suggested = wanted !== null && wanted > current ? wanted : null;
  return { limit: "minCooldownMinutes", current, usual, denied, suggested };
};

const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((one, two) => one - two);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
};
