import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unlessStopped } from "../unless-stopped.ts";
import { drillFault, type FaultDrillOptions, type FaultRow } from "./drill-fault.ts";
import type { FaultPlan } from "./fault-plans.ts";

/** The drill's result: a row for each fault, and all of them together. */
export type OrderDrill = {
  readonly mode: "sim";
  readonly seed: number;
  readonly speed: number;
  readonly rows: readonly FaultRow[];
  readonly totals: {
    readonly faults: number;
    readonly ordersSent: number;
    readonly duplicates: number;
    readonly unguarded: number;
    readonly unknownLeft: number;
    /** Of all rows; null where none was finished. */
    readonly ledgerEqualsBroker: boolean | null;
    /** The longest of all; null if one never settled, or none was finished. */
    readonly secondsToSettle: number | null;
  };
  /** Stopped before its end: `rows` holds what was finished. */
  readonly isStopped: boolean;
  /** Whether every fault struck and left nothing wrong behind. */
  readonly ok: boolean;
};

/** What is drilled, and who wants to hear of it. */
export type OrderDrillOptions = Omit<FaultDrillOptions, "directory"> & {
  readonly plans: readonly FaultPlan[];
  readonly onFault?: (plan: FaultPlan, index: number) => void;
  readonly onRow?: (row: FaultRow) => void;
};

/** Injects each fault in turn, each into a world of its own whose files are removed afterwards. */
export const drillOrders = async (options: OrderDrillOptions): Promise<OrderDrill> => {
  const { plans, seed, speed, stopped } = options;
  const rows: FaultRow[] = [];
  for (const [index, plan] of plans.entries()) {
    if (stopped.aborted) break;
    options.onFault?.(plan, index);
    const directory = mkdtempSync(join(tmpdir(), "holdfast-drill-"));
    try {
      const row = await unlessStopped(stopped, () => drillFault(plan, { ...options, directory }));
      if (row === undefined) break;
      rows.push(row);
      options.onRow?.(row);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  const isWhole = rows.length === plans.length;
  const ok = isWhole && rows.every((row) => row.ok);
  return { mode: "sim", seed, speed, rows, totals: totalsOf(rows), isStopped: !isWhole, ok };
};

const totalsOf = (rows: readonly FaultRow[]): OrderDrill["totals"] => {
  const sum = (count: (row: FaultRow) => number): number =>
    rows.reduce((total, row) => total + count(row), 0);
  const settled = rows.flatMap(({ secondsToSettle }) => secondsToSettle ?? []);
  return {
    faults: rows.length,
    ordersSent: sum((row) => row.ordersSent),
    duplicates: sum((row) => row.duplicates),
    unguarded: sum((row) => row.unguarded),
    unknownLeft: sum((row) => row.unknownLeft),
    ledgerEqualsBroker: rows.length === 0 ? null : rows.every((row) => row.ledgerEqualsBroker),
    secondsToSettle:
      rows.length > 0 && settled.length === rows.length ? Math.max(...settled) : null,
  };
};
