import { describe, expect, it } from "vitest";
import { createHttpMonitor } from "../../../shared/adapters/monitor/http-monitor.ts";
import type { HttpOutcome, HttpRequest } from "../../../shared/adapters/http/http-client.ts";

const URL = "https://monitor.example.com/ping/1";

const beat = async (outcome: HttpOutcome) => {
  const requests: HttpRequest[] = [];
  const monitor = createHttpMonitor({
    http: {
      send: async (request) => {
        requests.push(request);
        return outcome;
      },
      close: () => undefined,
    },
    url: URL,
  });
  return { isHeard: await monitor.beat(), requests };
};

describe("the monitor outside", () => {
  it("is asked once, for three seconds at most, and nothing of ours goes along", async () => {
    const { isHeard, requests } = await beat({
      type: "answer",
      status: 200,
      headers: {},
      body: "",
    });
    expect(isHeard).toBe(true);
    expect(requests).toEqual([{ method: "GET", url: URL, headers: {}, timeoutMs: 3_000 }]);
  });

  it.each([
    { type: "answer", status: 500, headers: {}, body: "" },
    { type: "answer", status: 302, headers: {}, body: "" },
    { type: "timeout", detail: "Too late." },
    { type: "noConnection", detail: "Refused." },
  ] satisfies readonly HttpOutcome[])("has not heard it by $type $status", async (outcome) => {
    expect((await beat(outcome)).isHeard).toBe(false);
  });
});
