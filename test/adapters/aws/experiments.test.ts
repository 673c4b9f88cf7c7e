import { describe, expect, it } from "vitest";
import { createFaultExperiments } from "../../../shared/adapters/aws/experiments.ts";
import type { HttpOutcome, HttpRequest } from "../../../shared/adapters/http/http-client.ts";
import { RetryableError, TerminalError } from "../../../shared/domain/fault.ts";

const answer = (body: unknown, status = 200): HttpOutcome => ({
  type: "answer",
  status,
  headers: {},
  body: JSON.stringify(body),
});

const createService = (answerTo: (request: HttpRequest) => HttpOutcome) => {
  const requests: HttpRequest[] = [];
  const experiments = createFaultExperiments({
    http: {
      send: async (request) => {
        requests.push(request);
        return answerTo(request);
      },
      close: () => undefined,
    },
    clock: { nowMs: () => Date.UTC(2026, 10, 22), monotonicMs: () => 0 },
    region: "us-east-2",
    mode: "paper",
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
  });
  return { experiments, requests };
};

const templates = {
  experimentTemplates: [
    { id: "EXT1", tags: { "holdfast-drill": "partition", mode: "shadow" } },
    { id: "EXT2", tags: { "holdfast-drill": "partition", mode: "paper" } },
  ],
};

describe("experiments of Fault Injection Service", () => {
  it("start the template of scenario and mode, once for each drill, tagged with it", async () => {
    const { experiments, requests } = createService(({ method }) =>
      answer(method === "GET" ? templates : { experiment: { id: "EXP1" } }),
    );
    expect(await experiments.start("partition", "drill-1")).toBe("EXP1");
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET https://fis.us-east-2.amazonaws.com/experimentTemplates?maxResults=100",
      "POST https://fis.us-east-2.amazonaws.com/experiments",
    ]);
    expect(JSON.parse(requests[1]?.body ?? "")).toEqual({
      clientToken: "drill-1",
      experimentTemplateId: "EXT2",
      tags: { "holdfast-drill": "partition", "holdfast-drill-id": "drill-1" },
    });
    expect(requests[1]?.headers["authorization"]).toContain("/us-east-2/fis/aws4_request");
  });

  it("are not started where the other Region has no such template", async () => {
    const { experiments } = createService(() => answer(templates));
    await expect(experiments.start("region-loss", "drill-1")).rejects.toThrow(TerminalError);
  });

  it("are listed page by page, and only those of drills", async () => {
    const states = [
      { id: "EXP1", state: { status: "stopped", reason: "By hand." }, tags: {} },
      { id: "EXP2", state: { status: "stopping" }, tags: { "holdfast-drill-id": "d2" } },
    ];
    const { experiments } = createService(({ url }) => {
      const isSecond = url.includes("nextToken=more");
      return answer(
        isSecond
          ? {
              experiments: [
                {
                  id: "EXP3",
                  state: { status: "failed", reason: "No." },
                  tags: { "holdfast-drill-id": "d3" },
                },
              ],
            }
          : { experiments: states, nextToken: "more" },
      );
    });
    expect(await experiments.list()).toEqual([
      { id: "EXP2", drillId: "d2", isRunning: true, isStopping: true, status: "stopping" },
      { id: "EXP3", drillId: "d3", isRunning: false, isStopping: false, status: "failed: No." },
    ]);
  });

  it("need not be there to be ended, and are asked for again where the service fails", async () => {
    const gone = createService(() => answer({}, 404));
    await gone.experiments.stop("EXP1");
    expect(gone.requests[0]?.method).toBe("DELETE");
    for (const status of [429, 500]) {
      const { experiments } = createService(() => answer({}, status));
      await expect(experiments.list()).rejects.toThrow(RetryableError);
    }
    const silent = createService(() => ({ type: "timeout", detail: "Late." }));
    await expect(silent.experiments.stop("EXP1")).rejects.toThrow(RetryableError);
    const refused = createService(() => answer({}, 403));
    await expect(refused.experiments.list()).rejects.toThrow(TerminalError);
  });
});
