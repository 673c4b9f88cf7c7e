import { describe, expect, it } from "vitest";
import { RetryableError } from "../../shared/domain/fault.ts";
import { createApiHandler, type ApiAnswer } from "../../shared/runtime/api-handler.ts";
import { createKeptAnswers } from "../../shared/runtime/kept-answers.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";

type Event = Parameters<ReturnType<typeof createApiHandler>>[0];

const eventOf = (path: string, timeEpoch: number): Event => ({
  version: "2.0",
  routeKey: `GET ${path}`,
  rawPath: path,
  rawQueryString: "",
  headers: {},
  isBase64Encoded: false,
  requestContext: {
    accountId: "0",
    apiId: "a",
    domainName: "d",
    domainPrefix: "p",
    http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "" },
    requestId: "1",
    routeKey: `GET ${path}`,
    stage: "$default",
    time: "",
    timeEpoch,
  },
});

const threePoints = async (): Promise<ApiAnswer> => ({ type: "Answer", body: { points: 3 } });

const createDesk = () => {
  let answer: () => Promise<ApiAnswer> = threePoints;
  const clock = { nowMs: () => 0, monotonicMs: () => 0 };
  const handler = createApiHandler(
    {
      name: "serve-api",
      mode: "sim",
      routes: { "GET /api/equity": () => answer(), "GET /api/system/health": () => answer() },
      keptRoutes: ["GET /api/equity"],
    },
    { log: silentLog, metrics: noMetrics, clock },
  );
  const ask = async (path: string, timeEpoch: number) => {
    const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 1_000 };
    const { statusCode, body } = await handler(eventOf(path, timeEpoch), context);
    return { statusCode, body: JSON.parse(body ?? "null") as unknown };
  };
  const become = (next: () => Promise<ApiAnswer>): void => {
    answer = next;
  };
  return { ask, become };
};

const noAnswer = (): Promise<never> => Promise.reject(new RetryableError("No answer."));

describe("answers of a store that is down", () => {
  it("are those from before, with the mode and the time of then", async () => {
    const { ask, become } = createDesk();
    await ask("/api/equity", 1_000);
    become(noAnswer);
    expect(await ask("/api/equity", 9_000)).toEqual({
      statusCode: 200,
      body: { points: 3, answerKeptAtMs: 1_000, mode: "sim" },
    });
    become(async () => ({ type: "Problem", status: 503, detail: "The ledger does not answer." }));
    expect(await ask("/api/equity", 9_000)).toMatchObject({ statusCode: 200 });
    become(async () => ({ type: "Answer", body: { points: 4 } }));
    expect((await ask("/api/equity", 9_000)).body).toEqual({ points: 4, mode: "sim" });
  });

  it("are none where nothing was read before, and never those of health", async () => {
    const { ask, become } = createDesk();
    await ask("/api/system/health", 1_000);
    become(noAnswer);
    expect(await ask("/api/equity", 2_000)).toMatchObject({ statusCode: 503 });
    expect(await ask("/api/system/health", 2_000)).toMatchObject({ statusCode: 503 });
  });

  it("are kept for a bounded number of addresses, the newest", () => {
    const kept = createKeptAnswers();
    for (let index = 0; index < 1_000; index++) kept.keep(`/${index}?`, { index }, index);
    expect(kept.recall("/0?")).toBeUndefined();
    expect(kept.recall("/999?")).toEqual({ index: 999, answerKeptAtMs: 999 });
  });
});
