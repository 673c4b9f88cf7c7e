import {
  afterInvocation,
  type DiskMeasure,
  type EnvironmentVerdict,
  judgeEnvironment,
  NEW_TREND,
} from "../../domain/healing/environment-watch.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Healing } from "../../ports/healing.ts";
import type { OwnEnvironment } from "../../ports/own-environment.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { tolerateLoss } from "../tolerate-loss.ts";
import { createRepairs } from "./read-repairs.ts";

/** Looks after the environment; called after each invocation's work, before its answer. */
export type TendEnvironment = () => Promise<void>;

/** What tending an environment needs. */
export type TendEnvironmentDeps = {
  readonly functionName: string;
  readonly own: OwnEnvironment;
  readonly healing: Pick<Healing, "report" | "orders">;
  readonly telemetry: Pick<Telemetry, "recordEvidence">;
  readonly clock: Clock;
};

/** The temporary directory is looked through so often. */
const DISK_EVERY_MS = 30_000;
/** What stays wrong is said again so often, well within the time for which a report is news. */
const REPEAT_MS = 120_000;

type State = Pick<EnvironmentVerdict, "isLeaking" | "isDiskFull">;

const WELL: State = { isLeaking: false, isDiskFull: false };

/**
 * Measures the environment (E7), says what is wrong with it when that begins, changes or ends, and
 * obeys the orders that healing then gives: it cleans up, or ends behind its answer. While all is
 * well nothing is written and nothing is read. A store that is down costs nothing but the report.
 */
export const createTendEnvironment = (deps: TendEnvironmentDeps): TendEnvironment => {
  const { own, clock, functionName } = deps;
  const repairs = createRepairs(deps);
  let trend = NEW_TREND;
  let disk: DiskMeasure = { bytes: 0, files: 0 };
  let diskAtMs = -Infinity;
  let told = WELL;
  let toldAtMs = -Infinity;

  const judge = (): EnvironmentVerdict =>
    judgeEnvironment(trend, { memory: own.measureMemory(), disk }, own.bounds);
  const measureDisk = async (): Promise<void> => {
    disk = await own.measureDisk();
    diskAtMs = clock.monotonicMs();
  };
  const tell = async (verdict: EnvironmentVerdict): Promise<void> => {
    const isNews = !isSame(verdict, told);
    if (!isNews && (isSame(verdict, WELL) || clock.monotonicMs() - toldAtMs < REPEAT_MS)) return;
    await tolerateLoss(deps.healing.report({ functionName, ...verdict, atMs: clock.nowMs() }));
    await prove(deps, "memory", { was: told.isLeaking, is: verdict.isLeaking }, verdict.detail);
    await prove(deps, "disk", { was: told.isDiskFull, is: verdict.isDiskFull }, verdict.detail);
    told = verdict;
    toldAtMs = clock.monotonicMs();
  };
  const isOrdered = async (kind: "cleanDisk" | "retireEnvironment"): Promise<boolean> =>
    (await repairs.take(kind, [functionName])).length > 0;

  return async () => {
    trend = afterInvocation(trend, own.measureMemory(), own.bounds);
    if (clock.monotonicMs() - diskAtMs >= DISK_EVERY_MS) await measureDisk();
    await tell(judge());
    if (told.isDiskFull && (await isOrdered("cleanDisk"))) {
      await own.cleanDisk();
      await measureDisk();
      await tell(judge());
    }
    if (told.isLeaking && (await isOrdered("retireEnvironment"))) {
      // What ends is wrong no longer; the environment that follows speaks for itself.
      await tell({ ...WELL, detail: "The environment ends behind its answer." });
      own.retire();
    }
  };
};

const isSame = (one: State, other: State): boolean =>
  one.isLeaking === other.isLeaking && one.isDiskFull === other.isDiskFull;

/** Evidence of what is wrong, and once of its end. */
const prove = async (
  { telemetry, clock, functionName }: TendEnvironmentDeps,
  component: "memory" | "disk",
  { was, is }: { readonly was: boolean; readonly is: boolean },
  detail: string,
): Promise<void> => {
  if (!was && !is) return;
  const evidence = { component, atMs: clock.nowMs(), succeeded: !is };
  const unmeasured = { latencyMs: null, dataAgeMs: null, fault: null };
  await tolerateLoss(
    telemetry.recordEvidence({ ...evidence, ...unmeasured, detail: `${functionName}: ${detail}` }),
  );
};
