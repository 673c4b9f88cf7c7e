/** How an environment of a function is, written by itself and only while something is wrong. */
export type EnvironmentReport = {
  readonly functionName: string;
  readonly isLeaking: boolean;
  readonly isDiskFull: boolean;
  /** One sentence with the figures. */
  readonly detail: string;
  readonly atMs: number;
};

/** What an environment remembers of its heap: the use after each of its last invocations, bytes. */
export type HeapTrend = readonly number[];

/** When a heap leaks, and when a disk is full. */
export type EnvironmentPolicy = {
  readonly samplesMax: number;
  /** Of the memory's limit: below it nothing is a leak. */
  readonly heapShareMin: number;
  /** Of the memory's limit: above it the environment goes, whatever its trend. */
  readonly heapShareMax: number;
  /** Of the invocations' steps, how many went up. */
  readonly risingShareMin: number;
  readonly diskShareMax: number;
};

/** Thirty invocations; three quarters of the steps up, from half of the memory on. */
export const ENVIRONMENT_POLICY: EnvironmentPolicy = {
  samplesMax: 30,
  heapShareMin: 0.5,
  heapShareMax: 0.9,
  risingShareMin: 0.75,
  diskShareMax: 0.8,
};

/** The trend with one more sample, bounded. */
export const afterInvocation = (
  trend: HeapTrend,
  heapBytes: number,
  { samplesMax }: EnvironmentPolicy,
): HeapTrend => [...trend, heapBytes].slice(-samplesMax);

/**
 * Whether the heap grows from invocation to invocation and has taken a good part of the memory, or
 * nearly all of it. A saw-tooth, which is what a collector makes, is no leak.
 */
export const isLeaking = (
  trend: HeapTrend,
  limitBytes: number,
  policy: EnvironmentPolicy,
): boolean => {
  const last = trend.at(-1) ?? 0;
  if (last >= limitBytes * policy.heapShareMax) return true;
  if (trend.length < policy.samplesMax || last < limitBytes * policy.heapShareMin) return false;
  const steps = trend.slice(1).map((bytes, index) => bytes - (trend[index] ?? 0));
  const rising = steps.filter((step) => step > 0).length;
  return rising >= steps.length * policy.risingShareMin;
};
