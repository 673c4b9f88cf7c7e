import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unlessStopped } from "../unless-stopped.ts";
import { drillVendor, type VendorRowOptions } from "./drill-vendor.ts";
import type { VendorRow } from "./measure-row.ts";
import type { VendorPlan } from "./vendor-plans.ts";

/** The drill's result: a row for each fault, and the worst of all. */
export type VendorDrill = {
  readonly mode: "sim";
  readonly seed: number;
  readonly speed: number;
  /** Trading under each fault, the world's seconds. */
  readonly seconds: number;
  readonly rows: readonly VendorRow[];
  readonly totals: {
    readonly faults: number;
    readonly polls: number;
    readonly quotesUsed: number;
    readonly wrongPricesUsed: number;
    readonly entries: number;
    readonly entriesOnOneWord: number;
    readonly entriesInTheDark: number;
    readonly duplicates: number;
    readonly unguarded: number;
    /** The longest of all; null if one never recovered, or none was finished. */
    readonly secondsToRecover: number | null;
  };
  /** Stopped before its end: `rows` holds what was finished. */
  readonly isStopped: boolean;
  /** Whether every fault struck and everything was within its bounds. */
  readonly ok: boolean;
};

/** What is drilled, and who wants to hear of it. */
export type VendorDrillOptions = Omit<VendorRowOptions, "directory"> & {
  readonly plans: readonly VendorPlan[];
  readonly onPlan?: (plan: VendorPlan, index: number) => void;
  readonly onRow?: (row: VendorRow) => void;
};

/**
 * Disturbs market data in each way in turn, each in a world of its own that is removed afterwards.
 */
export const drillVendors = async (options: VendorDrillOptions): Promise<VendorDrill> => {
  const { plans, seed, speed, seconds, stopped } = options;
  const rows: VendorRow[] = [];
  for (const [index, plan] of plans.entries()) {
    if (stopped.aborted) break;
    options.onPlan?.(plan, index);
    const directory = mkdtempSync(join(tmpdir(), "holdfast-drill-"));
    try {
      const row = await unlessStopped(stopped, () => drillVendor(plan, { ...options, directory }));
      if (row === undefined) break;
      rows.push(row);
      options.onRow?.(row);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  const isStopped = rows.length < plans.length;
  const ok = !isStopped && rows.every((row) => row.ok);
  return { mode: "sim", seed, speed, seconds, rows, totals: totalsOf(rows), isStopped, ok };
};

const totalsOf = (rows: readonly VendorRow[]): VendorDrill["totals"] => {
  const sum = (count: (row: VendorRow) => number): number =>
    rows.reduce((total, row) => total + count(row), 0);
  const recovered = rows.flatMap(({ secondsToRecover }) => secondsToRecover ?? []);
  return {
    faults: rows.length,
    polls: sum((row) => row.polls),
    quotesUsed: sum((row) => row.quotesUsed),
    wrongPricesUsed: sum((row) => row.wrongPricesUsed),
    entries: sum((row) => row.entries),
    entriesOnOneWord: sum((row) => row.entriesOnOneWord),
    entriesInTheDark: sum((row) => row.entriesInTheDark),
    duplicates: sum((row) => row.duplicates),
    unguarded: sum((row) => row.unguarded),
    secondsToRecover:
      rows.length > 0 && recovered.length === rows.length ? Math.max(...recovered) : null,
  };
};
