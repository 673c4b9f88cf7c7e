import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type {
  HttpClient,
  HttpOutcome,
  HttpRequest,
} from "../../../shared/adapters/http/http-client.ts";
import { createPagerDutyPager } from "../../../shared/adapters/pagerduty/pager.ts";
import type { Alert } from "../../../shared/ports/alerts.ts";
import { answerWith } from "../mutated-json.ts";

const alert: Alert = {
  key: "trading-halted-main",
  action: "trigger",
  severity: "critical",
  summary: "Trading is halted.",
  component: "execute-orders",
  mode: "paper",
  atMs: Date.UTC(2013, 9, 7, 13, 40),
  runbook: "https://example.com/runbooks/trading-halted",
};

const pagerWith = (outcome: HttpOutcome) => {
  const sent: HttpRequest[] = [];
  const http: HttpClient = {
    send: (request) => {
      sent.push(request);
      return Promise.resolve(outcome);
    },
    close: () => undefined,
  };
  const pager = createPagerDutyPager({ http, baseUrl: "http://pager", routingKey: "ROUTE" });
  return { sent, pager };
};

const bodyOf = (request: HttpRequest | undefined): unknown => JSON.parse(request?.body ?? "");

describe("the PagerDuty pager", () => {
  it("sends an event whose key is the alert's", async () => {
    const { pager, sent } = pagerWith(answerWith("{}", 202));
    expect(await pager.page(alert)).toBe("accepted");
    expect(sent[0]?.url).toBe("http://pager/v2/enqueue");
    expect(bodyOf(sent[0])).toEqual({
      routing_key: "ROUTE",
      event_action: "trigger",
      dedup_key: "trading-halted-main",
      payload: {
        summary: "Trading is halted.",
        source: "holdfast paper",
        severity: "critical",
        timestamp: "2013-10-07T13:40:00.000Z",
        component: "execute-orders",
        group: "paper",
        custom_details: { mode: "paper", runbook: alert.runbook },
      },
      links: [{ href: alert.runbook, text: "Runbook" }],
    });
  });

  it("resolves the incident by the same key", async () => {
    const { pager, sent } = pagerWith(answerWith("{}", 202));
    await pager.page({ ...alert, action: "resolve" });
    expect(bodyOf(sent[0])).toEqual({
      routing_key: "ROUTE",
      event_action: "resolve",
      dedup_key: "trading-halted-main",
    });
  });

  it.each([
    [202, "accepted"],
    [400, "refused"],
    [403, "refused"],
    [408, "retryLater"],
    [429, "retryLater"],
    [500, "retryLater"],
    [503, "retryLater"],
    [302, "retryLater"],
  ] as const)("a status of %i means %s", async (status, meaning) => {
    expect(await pagerWith(answerWith("", status)).pager.page(alert)).toBe(meaning);
  });

  it("is asked again later when the network fails", async () => {
    for (const type of ["noConnection", "timeout", "reset", "tooLarge", "aborted"] as const) {
      expect(await pagerWith({ type, detail: "x" }).pager.page(alert)).toBe("retryLater");
    }
  });

  it("keeps within PagerDuty's bounds and never throws, whatever the alert says", async () => {
    const text = fc.string({ unit: "binary", maxLength: 3_000, size: "max" });
    await fc.assert(
      fc.asyncProperty(text, text, fc.double(), async (key, summary, atMs) => {
        const { pager, sent } = pagerWith(answerWith("{}", 202));
        await pager.page({ ...alert, key, summary, atMs, runbook: summary });
        const body = Object(bodyOf(sent[0]));
        expect(String(body.dedup_key).length).toBeLessThanOrEqual(255);
        expect(String(body.payload.summary).length).toBeLessThanOrEqual(1_024);
        expect(String(body.payload.summary).isWellFormed()).toBe(true);
        expect(key.startsWith(String(body.dedup_key))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
