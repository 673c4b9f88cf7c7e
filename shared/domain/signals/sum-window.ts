/** What is summed over records, and how one comes in or goes out again, exactly. */
export type Summation<Each, Sums> = {
  /** The vendor's time stamp, epoch ms; a record without one does not count. */
  readonly timeOf: (each: Each) => number | undefined;
  readonly zero: () => Sums;
  /** Counts `each` in (`sign` 1) or takes it out again (`sign` -1), in place. */
  readonly add: (sums: Sums, each: Each, sign: 1 | -1) => void;
};

/**
 * The sums over the records of a list that lie between two moments. Changed in place: it says what
 * list it is about, so that it can go on to any other.
 */
export type SummedWindow<Each, Sums> = {
  sums: Sums;
  /** The newest and the oldest time stamp that counts, epoch ms: -Infinity and Infinity for none. */
  newestAtMs: number;
  oldestAtMs: number;
  /** The nearest time stamps that do not count: -Infinity and Infinity where there are none. */
  olderAtMs: number;
  newerAtMs: number;
  list: readonly Each[];
  /** From the first index that counts to the one behind the last. */
  from: number;
  to: number;
  /** Whether the list stands newest first; any other is summed anew each time. */
  isOrdered: boolean;
};

/** A window over nothing. */
export const emptyWindow = <Each, Sums>({
  zero,
}: Summation<Each, Sums>): SummedWindow<Each, Sums> => ({
  sums: zero(),
  newestAtMs: -Infinity,
  oldestAtMs: Infinity,
  olderAtMs: -Infinity,
  newerAtMs: Infinity,
  list: [],
  from: 0,
  to: 0,
  isOrdered: true,
});

/** Epoch ms; both are inside. */
export type Moments = { readonly fromMs: number; readonly toMs: number };

/**
 * Moves a window on to the records of a list between two moments. What a vendor lists newest first
 * slides: most of it stood in the list before, and only what came and what went is looked at. The
 * result is that of any other window. Returns whether anything but the moments is another.
 */
export const sumWindow = <Each, Sums>(
  summation: Summation<Each, Sums>,
  window: SummedWindow<Each, Sums>,
  list: readonly Each[],
  moments: Moments,
): boolean => {
  if (isAsBefore(window, list, moments)) return false;
  const shift = window.isOrdered ? shiftOf(window.list, list) : undefined;
  // What stood in the list before is known to be in order.
  if (!isNewestFirst(list, summation.timeOf, shift ?? list.length)) {
    sumUnordered(summation, window, list, moments);
  } else {
    slide(summation, window, list, shift, moments);
  }
  window.list = list;
  return true;
};

/** How far a window reaches from now, ms. */
export type Reach = { readonly windowMs: number; readonly futureMaxMs: number };

/**
 * The moment up to which a window over the same list stays as it is, while its ends move on with
 * the clock, epoch ms; `Infinity` for none.
 */
export const staysUntilMs = (
  { isOrdered, newerAtMs, oldestAtMs }: SummedWindow<unknown, unknown>,
  { windowMs, futureMaxMs }: Reach,
): number => (isOrdered ? Math.min(newerAtMs - futureMaxMs, oldestAtMs + windowMs) : -Infinity);

/** Whether it is the list before, of which the same part counts. */
const isAsBefore = <Each>(
  before: SummedWindow<Each, unknown>,
  list: readonly Each[],
  { fromMs, toMs }: Moments,
): boolean =>
  before.list === list &&
  before.isOrdered &&
  fromMs > before.olderAtMs &&
  toMs < before.newerAtMs &&
  before.oldestAtMs >= fromMs &&
  before.newestAtMs <= toMs;

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

/**
 * Moves a window on to a list that is in order and of which the part `shift` further on stood in
 * the one before, none where that is `undefined`. What is known to stay inside or outside is not
 * looked at: records lie all over the memory, and to look at one takes longer than to count it.
 */
const slide = <Each, Sums>(
  summation: Summation<Each, Sums>,
  window: SummedWindow<Each, Sums>,
  list: readonly Each[],
  shift: number | undefined,
  { fromMs, toMs }: Moments,
): void => {
  const { timeOf } = summation;
  // What throws on the way leaves a window that is summed anew.
  window.isOrdered = false;
  if (shift === undefined) {
    window.sums = summation.zero();
    window.from = 0;
    window.to = 0;
  }
  const isFrontKept =
    shift === 0 &&
    window.from < Math.min(window.to, list.length) &&
    window.newestAtMs <= toMs &&
    window.newerAtMs > toMs;
  let from = isFrontKept ? window.from : 0;
  if (!isFrontKept) while (from < list.length && timeAt(list, from, timeOf) > toMs) from++;
  // Behind the nearest that is too old stand only older ones.
  const knownTo = window.from < window.to ? window.to + (shift ?? 0) : Infinity;
  let to = window.olderAtMs < fromMs ? Math.min(list.length, knownTo) : list.length;
  const isEndKept = to === knownTo && from < to && window.oldestAtMs >= fromMs;
  if (!isEndKept) while (to > from && timeAt(list, to - 1, timeOf) < fromMs) to--;
  const isEmpty = from >= to;
  recount(summation, window, { list, from, to, shift: shift ?? 0 });
  if (!isFrontKept || isEmpty) {
    window.newestAtMs = isEmpty ? -Infinity : timeAt(list, from, timeOf);
    window.newerAtMs = from > 0 ? timeAt(list, from - 1, timeOf) : Infinity;
  }
  if (!isEndKept) {
    window.oldestAtMs = isEmpty ? Infinity : timeAt(list, to - 1, timeOf);
    window.olderAtMs = to < list.length ? timeAt(list, to, timeOf) : -Infinity;
  }
  if (to === list.length) window.olderAtMs = -Infinity;
  window.from = from;
  window.to = to;
  window.isOrdered = true;
};

/** Takes out of the sums what stood in the window and does not any more, and counts what came. */
const recount = <Each, Sums>(
  summation: Summation<Each, Sums>,
  window: SummedWindow<Each, Sums>,
  next: {
    readonly list: readonly Each[];
    readonly from: number;
    readonly to: number;
    readonly shift: number;
  },
): void => {
  const { sums, list: before } = window;
  const { list, from, to, shift } = next;
  // Both ranges as indices of the list before; negative is what is new in front.
  const firstBoth = Math.max(window.from, from - shift);
  const endBoth = Math.min(window.to, to - shift);
  if (firstBoth >= endBoth) {
    count(summation, sums, before, window.from, window.to, -1);
    count(summation, sums, list, from, to, 1);
    return;
  }
  count(summation, sums, before, window.from, firstBoth, -1);
  count(summation, sums, before, endBoth, window.to, -1);
  count(summation, sums, list, from, firstBoth + shift, 1);
  count(summation, sums, list, endBoth + shift, to, 1);
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
  summation: Summation<Each, Sums>,
  window: SummedWindow<Each, Sums>,
  list: readonly Each[],
  { fromMs, toMs }: Moments,
): void => {
  const { timeOf, add } = summation;
  Object.assign(window, emptyWindow(summation), { isOrdered: false });
  for (const each of list) {
    const atMs = timeOf(each);
    if (atMs === undefined || !(atMs >= fromMs && atMs <= toMs)) continue;
    add(window.sums, each, 1);
    window.newestAtMs = Math.max(window.newestAtMs, atMs);
    window.oldestAtMs = Math.min(window.oldestAtMs, atMs);
  }
};
