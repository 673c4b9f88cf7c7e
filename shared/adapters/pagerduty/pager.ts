import type { Alert, Pager } from "../../ports/alerts.ts";
import type { HttpClient } from "../http/http-client.ts";

/** What the adapter needs. */
export type PagerDutyDeps = {
  readonly http: HttpClient;
  /** Without a slash at its end: `https://events.pagerduty.com`. */
  readonly baseUrl: string;
  /** Names the service that is paged; a credential. */
  readonly routingKey: string;
};

const TIMEOUT_MS = 5_000;
/** PagerDuty's bounds, in characters. */
const KEY_MAX = 255;
const SUMMARY_MAX = 1_024;

/**
 * Pages through PagerDuty's Events API v2. An alert's key is its `dedup_key`, so that sending it
 * twice, or resolving it, concerns the same incident. What is refused is never sent again.
 */
export const createPagerDutyPager = (deps: PagerDutyDeps): Pager => ({
  page: async (alert) => {
    const outcome = await deps.http.send({
      method: "POST",
      url: `${deps.baseUrl}/v2/enqueue`,
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(eventOf(alert, deps.routingKey)),
      timeoutMs: TIMEOUT_MS,
    });
    if (outcome.type !== "answer") return "retryLater";
    const { status } = outcome;
    if (status >= 200 && status < 300) return "accepted";
    // Too many requests and a slow request may pass later; any other 4xx never will.
    const isRefused = status >= 400 && status < 500 && status !== 429 && status !== 408;
    return isRefused ? "refused" : "retryLater";
  },
});

const eventOf = (alert: Alert, routingKey: string): object => {
  const incident = {
    routing_key: routingKey,
    event_action: alert.action,
    dedup_key: truncate(alert.key, KEY_MAX),
  };
  if (alert.action === "resolve") return incident;
  return {
    ...incident,
    payload: {
      summary: truncate(alert.summary, SUMMARY_MAX),
      source: `holdfast ${alert.mode}`,
      severity: alert.severity,
      timestamp: timestampOf(alert.atMs),
      component: alert.component,
      group: alert.mode,
      custom_details: { mode: alert.mode, runbook: alert.runbook },
    },
    links: URL.canParse(alert.runbook) ? [{ href: alert.runbook, text: "Runbook" }] : [],
  };
};

/** Cuts between whole characters, so that no half of one is sent. */
const truncate = (text: string, lengthMax: number): string => {
  if (text.length <= lengthMax) return text;
  const cut = text.slice(0, lengthMax);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
};

/** Left out where it is no moment that can be written: a page matters more than its time. */
const timestampOf = (atMs: number): string | undefined => {
  const moment = new Date(atMs);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
};
