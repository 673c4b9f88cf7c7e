import type { FailoverRow } from "./failover-row.ts";

/** What a drill of failovers came to: kept in the archive, and shown on the page. */
export type FailoverReport = {
  readonly what: "failover";
  readonly mode: string;
  /** In worlds of this machine, or against what is deployed. */
  readonly place: "local" | "aws";
  /** This machine's time, or that of the Region that kept it; epoch ms. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Null where market and chance are real. */
  readonly seed: number | null;
  /** How many of the world's seconds a second was to take; each row says what it was. */
  readonly speed: number;
  /** Scenarios that were run anew, slower, because the machine had stood still: never for harm. */
  readonly repeated: readonly string[];
  readonly rows: readonly FailoverRow[];
  readonly totals: FailoverTotals;
  /** Whether every failover that was meant came about and left nothing wrong behind. */
  readonly ok: boolean;
};

/** The rows of a drill together. */
export type FailoverTotals = {
  readonly failovers: number;
  readonly doubled: number;
  readonly unguarded: number;
  readonly lost: number;
  /** The longest of all, the world's seconds; null if one never came to that. */
  readonly secondsToFence: number | null;
  readonly secondsToActive: number | null;
};

/** Adds up the rows of a drill. */
export const totalsOf = (rows: readonly FailoverRow[]): FailoverTotals => {
  const sum = (count: (row: FailoverRow) => number): number =>
    rows.reduce((total, row) => total + count(row), 0);
  return {
    failovers: rows.length,
    doubled: sum((row) => row.doubled),
    unguarded: sum((row) => row.unguarded),
    lost: sum((row) => row.lost),
    secondsToFence: longest(rows.map((row) => row.secondsToFence)),
    secondsToActive: longest(rows.map((row) => row.secondsToActive)),
  };
};

const longest = (seconds: readonly (number | null)[]): number | null => {
  const known = seconds.flatMap((one) => one ?? []);
  return known.length === seconds.length ? Math.max(0, ...known) : null;
};
