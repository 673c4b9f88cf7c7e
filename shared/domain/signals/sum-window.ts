/** What is summed over records, and how one comes in or goes out again, exactly. */
export type Summation<Each, Sums> = {
  /** The vendor's time stamp, epoch ms; a record without one does not count. */
  readonly timeOf: (each: Each) => number | undefined;
  readonly zero: Sums;
  /** The sums with `each` counted (`sign` 1) or taken out again (`sign` -1). */
  readonly add: (sums: Sums, each: Each, sign: 1 | -1) => Sums;
};

/** The sums over the records of a list that lie between two moments. */
export type SummedWindow<Each, Sums> = {
  readonly sums: Sums;
  /** The newest and the oldest time stamp that counts, epoch ms. */
  readonly newestAtMs: number | undefined;
  readonly oldestAtMs: number | undefined;
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
  if (previous !== undefined && isAllInside(previous, list, moments)) return previous;
  const shift = previous?.range === undefined ? undefined : shiftOf(previous.list, list);
  const { timeOf } = summation;
  // What stood in the list before is known to be in order.
  if (!isNewestFirst(list, timeOf, shift ?? list.length)) {
    return sumUnordered(summation, list, moments);
  }
  const range = rangeOf(list, timeOf, moments);
  const window = { ...endsOf(list, timeOf, range), list, range };
  if (shift === undefined || previous?.range === undefined) {
    return { sums: count(summation, summation.zero, list, range, 1), ...window };
  }
  // Both ranges as indices of the list before; negative is what is new in front.
  const known = previous.range;
  const moved = { from: range.from - shift, to: range.to - shift };
  const overlap = { from: Math.max(known.from, moved.from), to: Math.min(known.to, moved.to) };
  if (overlap.from >= overlap.to) {
    return { sums: count(summation, summation.zero, list, range, 1), ...window };
  }
  let { sums } = previous;
  sums = count(summation, sums, previous.list, { from: known.from, to: overlap.from }, -1);
  sums = count(summation, sums, previous.list, { from: overlap.to, to: known.to }, -1);
  sums = count(summation, sums, list, { from: range.from, to: overlap.from + shift }, 1);
  sums = count(summation, sums, list, { from: overlap.to + shift, to: range.to }, 1);
  return { sums, ...window };
};

/** Whether it is the list before, all of which counted and still does. */
const isAllInside = <Each>(
  { list: before, range, newestAtMs, oldestAtMs }: SummedWindow<Each, unknown>,
  list: readonly Each[],
  { fromMs, toMs }: Moments,
): boolean =>
  before === list &&
  range?.from === 0 &&
  range.to === list.length &&
  (list.length === 0 || ((oldestAtMs ?? 0) >= fromMs && (newestAtMs ?? Infinity) <= toMs));

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

/** Whether each of the first records, and the one behind them, has a time not after the one before. */
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
  const isOutside = (index: number, isBeyond: (atMs: number) => boolean): boolean => {
    const each = list[index];
    return each !== undefined && isBeyond(timeOf(each) ?? Number.NaN);
  };
  let from = 0;
  while (isOutside(from, (atMs) => atMs > toMs)) from++;
  let to = list.length;
  while (to > from && isOutside(to - 1, (atMs) => atMs < fromMs)) to--;
  return { from, to };
};

const endsOf = <Each>(
  list: readonly Each[],
  timeOf: Summation<Each, unknown>["timeOf"],
  { from, to }: Range,
): Pick<SummedWindow<Each, unknown>, "newestAtMs" | "oldestAtMs"> => {
  const newest = from < to ? list[from] : undefined;
  const oldest = from < to ? list[to - 1] : undefined;
  return {
    newestAtMs: newest && timeOf(newest),
    oldestAtMs: oldest && timeOf(oldest),
  };
};

const count = <Each, Sums>(
  { add }: Summation<Each, Sums>,
  before: Sums,
  list: readonly Each[],
  { from, to }: Range,
  sign: 1 | -1,
): Sums => {
  let sums = before;
  for (let index = from; index < to; index++) {
    const each = list[index];
    if (each !== undefined) sums = add(sums, each, sign);
  }
  return sums;
};

const sumUnordered = <Each, Sums>(
  { timeOf, zero, add }: Summation<Each, Sums>,
  list: readonly Each[],
  { fromMs, toMs }: Moments,
): SummedWindow<Each, Sums> => {
  let sums = zero;
  let newestAtMs: number | undefined;
  let oldestAtMs: number | undefined;
  for (const each of list) {
    const atMs = timeOf(each);
    if (atMs === undefined || !(atMs >= fromMs && atMs <= toMs)) continue;
    sums = add(sums, each, 1);
    newestAtMs = Math.max(newestAtMs ?? atMs, atMs);
    oldestAtMs = Math.min(oldestAtMs ?? atMs, atMs);
  }
  return { sums, newestAtMs, oldestAtMs, list, range: undefined };
};
