import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHostTimers } from "../../../shared/adapters/host/timers.ts";
import { totalsOf, type FailoverReport } from "../../../shared/domain/failover/failover-report.ts";
import type { FailoverRow } from "../../../shared/domain/failover/failover-row.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import { unlessStopped } from "../unless-stopped.ts";
import { watchStalls, type StallWatch } from "../vendors/watch-stalls.ts";
import { drillFailoverScenario, type FailoverScenarioOptions } from "./drill-failover-scenario.ts";
import type { FailoverScenario } from "./failover-scenarios.ts";
import { slowerSpeed } from "./slower-speed.ts";

/** What is drilled, and who wants to hear of it. */
export type FailoverDrillOptions = Omit<FailoverScenarioOptions, "directory"> & {
  readonly scenarios: readonly FailoverScenario[];
  readonly onScenario?: (scenario: FailoverScenario, index: number) => void;
  /** A scenario is run anew, slower. */
  readonly onRepeat?: (scenario: FailoverScenario, speed: number) => void;
};

/** What was measured; stopped before its end, `rows` holds what was finished. */
export type FailoverDrill = FailoverReport & { readonly isStopped: boolean };

/** Runs each scenario in both directions, each in a world of its own that is removed afterwards. */
export const drillFailover = async (options: FailoverDrillOptions): Promise<FailoverDrill> => {
  const { scenarios, seed, speed, stopped } = options;
  const clock = createHostClock();
  const stalls = watchStalls({ clock, timers: createHostTimers() });
  const startedAtMs = clock.nowMs();
  const rows: FailoverRow[] = [];
  const repeated: string[] = [];
  let finished = 0;
  try {
    for (const [index, scenario] of scenarios.entries()) {
      if (stopped.aborted) break;
      options.onScenario?.(scenario, index);
      const fair = { ...options, host: clock, stalls };
      const drilled = await unlessStopped(stopped, () => drillUntilFair(scenario, fair));
      if (drilled === undefined) break;
      finished += 1;
      rows.push(...drilled.rows);
      if (drilled.isRepeated) repeated.push(scenario.name);
    }
  } finally {
    stalls.stop();
  }
  const isWhole = rows.length === scenarios.length * 2;
  return {
    what: "failover",
    mode: "sim",
    place: "local",
    startedAtMs,
    endedAtMs: clock.nowMs(),
    seed,
    speed,
    repeated,
    rows,
    totals: totalsOf(rows),
    isStopped: finished < scenarios.length,
    ok: isWhole && rows.every((row) => row.ok),
  };
};

type Drilled = { readonly rows: readonly FailoverRow[]; readonly isRepeated: boolean };

/** Drills a scenario, and once more and slower where the machine was too slow for a fair word. */
const drillUntilFair = async (
  scenario: FailoverScenario,
  options: FailoverDrillOptions & { readonly host: Clock; readonly stalls: StallWatch },
): Promise<Drilled> => {
  const { host, stalls, stopped } = options;
  let speed = options.speed;
  for (let repeats = 0; ; repeats++) {
    const [beganAtMs, stalledBefore] = [host.monotonicMs(), stalls.stalledMs()];
    const rows = await drillOnce(scenario, { ...options, speed });
    const tookMs = Math.max(1, host.monotonicMs() - beganAtMs);
    const stalledShare = (stalls.stalledMs() - stalledBefore) / tookMs;
    const slower = slowerSpeed({ rows, speed, repeats, stalledShare });
    if (slower === undefined || stopped.aborted) return { rows, isRepeated: repeats > 0 };
    speed = slower;
    options.onRepeat?.(scenario, slower);
  }
};

const drillOnce = async (
  scenario: FailoverScenario,
  options: FailoverDrillOptions,
): Promise<readonly FailoverRow[]> => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-drill-"));
  try {
    return await drillFailoverScenario(scenario, { ...options, directory });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
