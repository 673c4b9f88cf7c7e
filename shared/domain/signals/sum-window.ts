/** What is summed over records, and how one comes in or goes out again, exactly. */
export type Summation<Each, Sums> = {
  /** The vendor's time stamp, epoch ms; a record without one does not count. */
  readonly timeOf: (each: Each) => number | undefined;
  readonly zero: Readonly<Sums>;
  readonly copy: (sums: Readonly<Sums>) => Sums;
  /** Counts `each` in (`sign` 1) or takes it out again (`sign` -1), in place. */
  readonly add: (sums: Sums, each: Each, sign: 1 | -1) => void;
};

/** The sums over the records of a list that lie between two moments. */
export type SummedWindow<Each, Sums> = {
  readonly sums: Readonly<Sums>;
  /** The newest and the oldest time stamp that counts, epoch ms. */
  readonly newestAtMs: number | undefined;
  readonly oldestAtMs: number | undefined;
  /** The nearest time stamps that do not count: -Infinity and Infinity where there are none. */
  readonly olderAtMs: number;
  readonly newerAtMs: number;
  readonly list: readonly Each[];
  /** The part that counts; `undefined` for a list that is not in the order newest first. */
  readonly range: Range | undefined;
};

/** From the first index that counts to the one behind the last. */
type Range = { readonly from: number; readonly to: number };

/** Epoch ms; both are inside. */
export type Moments = { readonly fromMs: number; readonly toMs: number };

/**
 * Sums the records between two moments. What a vendor lists newest first slides: most of it stood
 * in the list before. Given the window over that list, only what came and what went is counted;
 * the result is the same without it.
 */
export const sumWindow = <Each, Sums>(
  summation: Summation<Each, Sums>,
  list: readonly Each[],
  moments: Moments,
  previous: SummedWindow<Each, Sums> | undefined,
): SummedWindow<Each, Sums> => {
  if (previous !== undefined && isAsBefore(previous, list, moments)) return previous;
  const shift = previous?.range === undefined ? undefined : shiftOf(previous.list, list);
  const { timeOf } = summation;
  // What stood in the list before is known to be in order.
  if (!isNewestFirst(list, timeOf, shift ?? list.length)) {
    return sumUnordered(summation, list, moments);
  }
  const range = rangeOf(list, timeOf, moments);
  const sums = sumsOf(summation, list, range, shift === undefined ? undefined : previous, shift);
  const isEmpty = range.from >= range.to;
  return {
    sums,
    newestAtMs: isEmpty ? undefined : timeAt(list, range.from, timeOf),
    oldestAtMs: isEmpty ? undefined : timeAt(list, range.to - 1, timeOf),
    olderAtMs: range.to < list.length ? timeAt(list, range.to, timeOf) : -Infinity,
    newerAtMs: range.from > 0 ? timeAt(list, range.from - 1, timeOf) : Infinity,
    list,
    range,
  };
};

/** How far a window reaches from now, ms. */
export type Reach = { readonly windowMs: number; readonly futureMaxMs: number };

/**
 * The moment up to which a window over the same list stays as it is, while its ends move on with
 * the clock, epoch ms; `Infinity` for none.
 */
export const staysUntilMs = (
  window: SummedWindow<unknown, unknown> | undefined,
  { windowMs, futureMaxMs }: Reach,
): number => {
  if (window === undefined) return Infinity;
  if (window.range === undefined) return -Infinity;
  const { newerAtMs, oldestAtMs = Infinity } = window;
  return Math.min(newerAtMs - futureMaxMs, oldestAtMs + windowMs);
};

/**
 * The sums over a range of a list, of which the part `shift` further on stood in the one before.
 */
const sumsOf = <Each, Sums>(
  summation: Summation<Each, Sums>,
  list: readonly Each[],
  { from, to }: Range,
  previous: SummedWindow<Each, Sums> | undefined,
  shift = 0,
): Readonly<Sums> => {
  const known = previous?.range;
  // Both ranges as indices of the list before; negative is what is new in front.
  const firstBoth = Math.max(known?.from ?? 0, from - shift);
  const endBoth = Math.min(known?.to ?? 0, to - shift);
  if (previous === undefined || known === undefined || firstBoth >= endBoth) {
    const sums = summation.copy(summation.zero);
    count(summation, sums, list, from, to, 1);
    return sums;
  }
  const sums = summation.copy(previous.sums);
  count(summation, sums, previous.list, known.from, firstBoth, -1);
  count(summation, sums, previous.list, endBoth, known.to, -1);
  count(summation, sums, list, from, firstBoth + shift, 1);
  count(summation, sums, list, endBoth + shift, to, 1);
  return sums;
};

/** Whether it is the list before, of which the same part counts. */
const isAsBefore = <Each>(
  before: SummedWindow<Each, unknown>,
  list: readonly Each[],
  { fromMs, toMs }: Moments,
): boolean =>
  before.list === list &&
  before.range !== undefined &&
  fromMs > before.olderAtMs &&
  toMs < before.newerAtMs &&
  (before.oldestAtMs ?? Infinity) >= fromMs &&
  (before.newestAtMs ?? -Infinity) <= toMs;

/** New records beyond which a list is summed anew. */
const SHIFT_MAX = 64;

/** How many records are new in front; `undefined` unless the rest is how the list before began. */
const shiftOf = <Each>(before: readonly Each[], list: readonly Each[]): number | undefined => {
  if (before === list) return 0;
  const [first] = before;
  let shift = 0;
  while (shift < list.length && list[shift] !== first) {
    if (++shift > SHIFT_MAX) return undefined;
  }
  if (shift === list.length || list.length - shift > before.length) return undefined;
  for (let index = shift + 1; index < list.length; index++) {
    if (list[index] !== before[index - shift]) return undefined;
  }
  return shift;
};

/**
 * Whether each of the first records, and the one behind them, has a time not after the one before.
 */
const isNewestFirst = <Each>(
  list: readonly Each[],
  timeOf: Summation<Each, unknown>["timeOf"],
  first: number,
): boolean => {
  if (first === 0) return true;
  let previousMs = Infinity;
  for (let index = 0; index <= first; index++) {
    const each = list[index];
    if (each === undefined) return index === list.length;
    const atMs = timeOf(each);
    if (atMs === undefined || !(atMs <= previousMs)) return false;
    previousMs = atMs;
  }
  return true;
};

const rangeOf = <Each>(
  list: readonly Each[],
  timeOf: Summation<Each, unknown>["timeOf"],
  { fromMs, toMs }: Moments,
): Range => {
  let from = 0;
  while (from < list.length && timeAt(list, from, timeOf) > toMs) from++;
  let to = list.length;
  while (to > from && timeAt(list, to - 1, timeOf) < fromMs) to--;
  return { from, to };
};

/** The time of a record of a list that is in order, where each has one; NaN where there is none. */
const timeAt = <Each>(
  list: readonly Each[],
  index: number,
  timeOf: Summation<Each, unknown>["timeOf"],
): number => {
  const each = list[index];
  return each === undefined ? Number.NaN : (timeOf(each) ?? Number.NaN);
};

const count = <Each, Sums>(
  { add }: Summation<Each, Sums>,
  sums: Sums,
  list: readonly Each[],
  from: number,
  to: number,
  sign: 1 | -1,
): void => {
  for (let index = from; index < to; index++) {
    const each = list[index];
    if (each !== undefined) add(sums, each, sign);
  }
};

const sumUnordered = <Each, Sums>(
  { timeOf, zero, copy, add }: Summation<Each, Sums>,
  list: readonly Each[],
  { fromMs, toMs }: Moments,
): SummedWindow<Each, Sums> => {
  const sums = copy(zero);
  let newestAtMs: number | undefined;
  let oldestAtMs: number | undefined;
  for (const each of list) {
    const atMs = timeOf(each);
    if (atMs === undefined || !(atMs >= fromMs && atMs <= toMs)) continue;
    add(sums, each, 1);
    newestAtMs = Math.max(newestAtMs ?? atMs, atMs);
    oldestAtMs = Math.min(oldestAtMs ?? atMs, atMs);
  }
  const [olderAtMs, newerAtMs] = [-Infinity, Infinity];
  return { sums, newestAtMs, oldestAtMs, olderAtMs, newerAtMs, list, range: undefined };
};
