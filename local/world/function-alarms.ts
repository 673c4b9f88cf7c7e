import { RetryableError, TerminalError } from "../../shared/domain/fault.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Alert, Alerts } from "../../shared/ports/alerts.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Functions } from "../functions.ts";

/** What the alarms need. */
export type FunctionAlarmsDeps = {
  /** The way to people, which needs nothing of what may be down. */
  readonly alerts: Alerts;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Pick<Settings, "mode" | "region">;
  readonly onFailure: (name: string, error: unknown) => void;
  /** A function has failed: whoever derives health looks at once. */
  readonly onFailed: () => void;
};

/** A bug is told at once; what passes by itself when it has not passed by then. */
const PASSING_MAX = 3;
/** Where this one fails nobody knows how the system is, which is never OK. */
const SUPERVISOR = "aggregate-health";
const SUMMARY_MAX = 1_024;

/**
 * Stands in for CloudWatch's alarms on the functions' errors: the same functions, telling people
 * of the one that fails, without a word of health or of any store. A run that succeeds ends it.
 */
export const alarmFunctions = (functions: Functions, deps: FunctionAlarmsDeps): Functions => {
  const watch = createWatch(deps);
  return {
    ...functions,
    openCycle: watch("open-cycle", functions.openCycle),
    pollMarketData: watch("poll-market-data", functions.pollMarketData),
    pollFlow: watch("poll-flow", functions.pollFlow),
    closeCycle: watch("close-cycle", functions.closeCycle),
    scoreSignals: watch("score-signals", functions.scoreSignals),
    executeOrders: watch("execute-orders", functions.executeOrders),
    reconcileOrders: watch("reconcile-orders", functions.reconcileOrders),
    keepAudit: watch("keep-audit", functions.keepAudit),
    redriveDeadLetters: watch("redrive-dead-letters", functions.redriveDeadLetters),
    aggregateHealth: watch("aggregate-health", functions.aggregateHealth),
    runDiagnostics: watch("run-diagnostics", functions.runDiagnostics),
    probePipeline: watch("probe-pipeline", functions.probePipeline),
  };
};

const createWatch = (deps: FunctionAlarmsDeps) => {
  const { alerts, clock, settings, onFailure } = deps;
  const failures = new Map<string, number>();
  const raised = new Set<string>();
  const publish = async (name: string, alert: Pick<Alert, "action" | "severity" | "summary">) => {
    const { mode, region } = settings;
    const key = `function-errors-${region}-${name}`;
    const summary = alert.summary.slice(0, SUMMARY_MAX);
    const fixed = { component: name, mode, atMs: clock.nowMs(), runbook: "function-errors" };
    try {
      await alerts.publish({ ...alert, summary, key, ...fixed });
    } catch (error) {
      onFailure("alarms", error);
    }
  };
  const failed = async (name: string, error: unknown): Promise<void> => {
    const count = (failures.get(name) ?? 0) + 1;
    failures.set(name, count);
    const isKnown = error instanceof RetryableError || error instanceof TerminalError;
    const isPassing = isKnown && name !== SUPERVISOR;
    if (name !== SUPERVISOR) deps.onFailed();
    if (raised.has(name) || (isPassing && count < PASSING_MAX)) return;
    raised.add(name);
    const why = error instanceof Error ? error.message : String(error);
    const summary = `The function ${name} fails: ${why}`;
    await publish(name, { action: "trigger", severity: "error", summary });
  };
  const succeeded = async (name: string): Promise<void> => {
    failures.delete(name);
    if (!raised.delete(name)) return;
    const summary = `The function ${name} works again.`;
    await publish(name, { action: "resolve", severity: "info", summary });
  };
  return <Event, Answer>(name: string, call: (event: Event) => Promise<Answer>) =>
    async (event: Event): Promise<Answer> => {
      let answer: Answer;
      try {
        answer = await call(event);
      } catch (error) {
        await failed(name, error);
        throw error;
      }
      await succeeded(name);
      return answer;
    };
};
