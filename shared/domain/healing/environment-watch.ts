/** What one invocation left behind of a function environment's memory and connections. */
export type MemoryMeasure = {
  /** What the program holds: the heap in use and buffers outside it, bytes. */
  readonly heldBytes: number;
  /** What the operating system counts, bytes. */
  readonly residentBytes: number;
  /** Connections that stand, kept ones included. */
  readonly connections: number;
};

/** What lies in an environment's temporary directory. */
export type DiskMeasure = { readonly bytes: number; readonly files: number };

/** What an environment has. */
export type EnvironmentBounds = {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly filesMax: number;
  readonly connectionsMax: number;
};

/**
 * The memory's trend over invocations, of a size that does not grow. A collector lets memory rise
 * and fall, so only the least that was held within a block of invocations tells what stays.
 */
export type MemoryTrend = {
  /** The least of each finished block, oldest first, bytes. */
  readonly floors: readonly number[];
  /** The least of the block that is under way. */
  readonly leastBytes: number;
  /** Invocations in the block that is under way. */
  readonly count: number;
  /** Invocations in a row after which nearly all memory was in use. */
  readonly tight: number;
};

/** How an environment is. */
export type EnvironmentVerdict = {
  readonly isLeaking: boolean;
  readonly isDiskFull: boolean;
  /** One sentence with the figures. */
  readonly detail: string;
};

/** Of an environment that has just begun. */
export const NEW_TREND: MemoryTrend = { floors: [], leastBytes: Infinity, count: 0, tight: 0 };

const BLOCK = 32;
const BLOCKS = 6;
/** Memory counts as full from this share on. */
const FULL = 0.85;
const TIGHT = 0.92;
const TIGHT_MAX = 3;
const DISK_FULL = 0.8;

/** The trend with one more invocation in it. */
export const afterInvocation = (
  trend: MemoryTrend,
  { heldBytes, residentBytes }: MemoryMeasure,
  { memoryBytes }: Pick<EnvironmentBounds, "memoryBytes">,
): MemoryTrend => {
  const leastBytes = Math.min(trend.leastBytes, heldBytes);
  const count = trend.count + 1;
  const tight = residentBytes >= TIGHT * memoryBytes ? trend.tight + 1 : 0;
  return count < BLOCK
    ? { floors: trend.floors, leastBytes, count, tight }
    : {
        floors: [...trend.floors, leastBytes].slice(-BLOCKS),
        leastBytes: Infinity,
        count: 0,
        tight,
      };
};

/**
 * Judges an environment. It leaks where what it holds has risen from block to block without a fall
 * and would fill its memory if it rose as much again, where nearly all memory is in use, or where
 * connections pile up. Holding much is no leak as long as it does not rise.
 */
export const judgeEnvironment = (
  trend: MemoryTrend,
  now: { readonly memory: MemoryMeasure; readonly disk: DiskMeasure },
  bounds: EnvironmentBounds,
): EnvironmentVerdict => {
  const { memory, disk } = now;
  const isLeaking =
    isRising(trend.floors, bounds.memoryBytes) ||
    trend.tight >= TIGHT_MAX ||
    memory.connections > bounds.connectionsMax;
  const isDiskFull = disk.bytes >= DISK_FULL * bounds.diskBytes || disk.files > bounds.filesMax;
  return { isLeaking, isDiskFull, detail: describe(trend, now, bounds) };
};

const isRising = (floors: readonly number[], memoryBytes: number): boolean => {
  const [first = 0] = floors;
  const last = floors.at(-1) ?? 0;
  const rise = last - first;
  return (
    floors.length === BLOCKS &&
    floors.every((floor, index) => index === 0 || floor > (floors[index - 1] ?? 0)) &&
    last + rise >= FULL * memoryBytes
  );
};

const MEBIBYTE = 1_048_576;

const mebibytes = (bytes: number): string => (bytes / MEBIBYTE).toFixed(0);

const describe = (
  { floors }: MemoryTrend,
  { memory, disk }: { readonly memory: MemoryMeasure; readonly disk: DiskMeasure },
  bounds: EnvironmentBounds,
): string => {
  const rise = (floors.at(-1) ?? 0) - (floors[0] ?? 0);
  const trend =
    floors.length < 2
      ? ""
      : ` (${rise < 0 ? "-" : "+"}${mebibytes(Math.abs(rise))} over ${(floors.length - 1) * BLOCK} invocations)`;
  return (
    `It holds ${mebibytes(memory.heldBytes)} MiB${trend} and takes ` +
    `${mebibytes(memory.residentBytes)} of ${mebibytes(bounds.memoryBytes)}; ` +
    `${disk.files} files take ${mebibytes(disk.bytes)} of ${mebibytes(bounds.diskBytes)} MiB; ` +
    `${memory.connections} connections stand.`
  );
};
