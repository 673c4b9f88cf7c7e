import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  drillFailoverScenario,
  type FailoverRow,
  type FailoverScenarioOptions,
} from "./drill-failover-scenario.ts";
import type { FailoverScenario } from "./failover-scenarios.ts";

/** The drill's result: two rows for each scenario, there and back. */
export type FailoverDrill = {
  readonly mode: "sim";
  readonly seed: number;
  /** How many of the world's seconds a second took. */
  readonly speed: number;
  readonly rows: readonly FailoverRow[];
  readonly totals: {
    readonly failovers: number;
    readonly doubled: number;
    readonly unguarded: number;
    readonly lost: number;
    /** The longest of all, the world's seconds; null if one never came to that. */
    readonly secondsToFence: number | null;
    readonly secondsToActive: number | null;
  };
  /** Whether every failover came about in both directions and left nothing wrong behind. */
  readonly ok: boolean;
};

/** What is drilled, and who wants to hear of it. */
export type FailoverDrillOptions = Omit<FailoverScenarioOptions, "directory"> & {
  readonly scenarios: readonly FailoverScenario[];
  readonly onScenario?: (scenario: FailoverScenario, index: number) => void;
};

/** Runs each scenario in both directions, each in a world of its own that is removed afterwards. */
export const drillFailover = async (options: FailoverDrillOptions): Promise<FailoverDrill> => {
  const { scenarios, seed, speed, stopped } = options;
  const rows: FailoverRow[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    if (stopped.aborted) break;
    options.onScenario?.(scenario, index);
    const directory = mkdtempSync(join(tmpdir(), "holdfast-drill-"));
    try {
      rows.push(...(await drillFailoverScenario(scenario, { ...options, directory })));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  const isWhole = rows.length === scenarios.length * 2;
  return {
    mode: "sim",
    seed,
    speed,
    rows,
    totals: totalsOf(rows),
    ok: isWhole && rows.every((row) => row.ok),
  };
};

const totalsOf = (rows: readonly FailoverRow[]): FailoverDrill["totals"] => {
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
