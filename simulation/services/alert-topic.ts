import type { Prompt } from "../../shared/adapters/memory/at-once.ts";
import { toTopicEvent } from "../../local/world/topic.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { Alert, Alerts } from "../../shared/ports/alerts.ts";
import type { Engine } from "../engine/engine.ts";
import type { Observe } from "../world/observe.ts";

/** The alerts topic of a Region, and the pager behind it. */
export type AlertTopic = {
  readonly alerts: Prompt<Alerts>;
  /** What CloudWatch says when a dead-letter queue is no longer empty. */
  readonly raiseDeadLetters: (queue: string) => void;
  /** Keys of what was triggered and not resolved. */
  readonly openKeys: () => readonly string[];
  /** Before this moment the topic takes nothing. */
  outUntilMs: number;
};

/** What a topic needs. */
export type AlertTopicDeps = {
  readonly engine: Engine;
  readonly region: string;
  readonly observe: Observe;
  /** Calls the function that pages. */
  readonly notify: (event: unknown) => Promise<unknown>;
};

const DELIVERY_MS = 60;
/** Lambda tries an event from a topic twice more. */
const RETRIES_MS = [60_000, 120_000] as const;
const ALARM_MS = 60_000;

/** Delivers every alert to its function at least once, and tries again while that fails. */
export const createAlertTopic = (deps: AlertTopicDeps): AlertTopic => {
  const { engine, region, observe } = deps;
  const open = new Set<string>();
  let published = 0;
  const deliver = (id: string, body: string, tries: number): void => {
    engine.wake();
    deps.notify(toTopicEvent(id, body, engine.nowMs())).catch(() => {
      const afterMs = RETRIES_MS[tries];
      if (afterMs === undefined) alarm("failed-alerts");
      else engine.after(afterMs, () => deliver(id, body, tries + 1));
    });
  };
  const publish = (alert: Alert, body: string): void => {
    if (alert.action === "trigger") open.add(alert.key);
    else open.delete(alert.key);
    observe({ type: "alertRaised", region, alert });
    published += 1;
    const id = `${region}-alert-${published}`;
    engine.after(DELIVERY_MS, () => deliver(id, body, 0));
  };
  const alarms = new Set<string>();
  const alarm = (queue: string): void => {
    if (alarms.has(queue)) return;
    alarms.add(queue);
    engine.after(ALARM_MS, () => {
      const raised = alarmOf(region, queue, engine.nowMs());
      publish(raised.alert, raised.body);
    });
  };
  const topic: AlertTopic = {
    alerts: {
      publish: (alert) => {
        if (engine.nowMs() < topic.outUntilMs) throw new RetryableError("The topic is out.");
        publish(alert, JSON.stringify(alert));
      },
    },
    raiseDeadLetters: alarm,
    openKeys: () => [...open],
    outUntilMs: -Infinity,
  };
  return topic;
};

const alarmOf = (
  region: string,
  queue: string,
  atMs: number,
): { readonly alert: Alert; readonly body: string } => {
  const key = `holdfast-paper-${region}-${queue.replace(".", "-")}-dead-letters`;
  const summary = "Messages died.";
  const alert: Alert = {
    key,
    action: "trigger",
    severity: "critical",
    summary,
    component: `${region}-${queue}`,
    mode: "paper",
    atMs,
    runbook: "dead-letters",
  };
  const body = JSON.stringify({
    AlarmName: key,
    AlarmDescription: summary,
    NewStateValue: "ALARM",
    StateChangeTime: new Date(atMs).toISOString(),
  });
  return { alert, body };
};
