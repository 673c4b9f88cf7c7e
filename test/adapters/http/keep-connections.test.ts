import { describe, expect, it } from "vitest";
import type {
  HttpClient,
  HttpOutcome,
  HttpRequest,
} from "../../../shared/adapters/http/http-client.ts";
import { keepConnections } from "../../../shared/adapters/http/keep-connections.ts";

const ANSWER: HttpOutcome = { type: "answer", status: 200, headers: {}, body: "{}" };
const STALE: HttpOutcome = { type: "reset", detail: "It broke off.", isOverKept: true };
const GET: HttpRequest = { method: "GET", url: "http://vendor", headers: {}, timeoutMs: 1_000 };

const open = (outcomes: readonly HttpOutcome[]) => {
  const sent: HttpRequest[] = [];
  let nowMs = 0;
  const http: HttpClient = {
    send: async (request) => {
      sent.push(request);
      nowMs += 10;
      return outcomes[sent.length - 1] ?? ANSWER;
    },
    close: () => undefined,
  };
  return { ...keepConnections(http, { monotonicMs: () => nowMs }), sent };
};

describe("connections that are kept between polls", () => {
  it("count the answers that came over one that stood", async () => {
    const { http, counts } = open([ANSWER, { ...ANSWER, isOverKept: true }]);
    await http.send(GET);
    await http.send(GET);
    expect(counts()).toEqual({ answers: 2, answersOverKept: 1 });
  });

  it("send a read again, once and on the time that is left, when the server had hung up", async () => {
    const { http, counts, sent } = open([STALE, ANSWER]);
    expect(await http.send(GET)).toEqual(ANSWER);
    expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([1_000, 990]);
    expect(counts()).toEqual({ answers: 1, answersOverKept: 0 });
    const twice = open([STALE, STALE, ANSWER]);
    expect(await twice.http.send(GET)).toEqual(STALE);
  });

  it("never send anything but a read again, and no read that broke off on a new connection", async () => {
    const change = open([STALE]);
    expect(await change.http.send({ ...GET, method: "POST" })).toEqual(STALE);
    const fresh = open([{ ...STALE, isOverKept: false }]);
    expect(await fresh.http.send(GET)).toMatchObject({ type: "reset" });
    expect([change.sent.length, fresh.sent.length]).toEqual([1, 1]);
  });
});
