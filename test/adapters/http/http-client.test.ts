import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  createHttpClient,
  type HttpClient,
  type HttpPolicy,
  type HttpRequest,
} from "../../../shared/adapters/http/http-client.ts";
import {
  closedAddress,
  startScriptedServer,
  type ScriptedServer,
  type Step,
} from "../scripted-server.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const clientWith = (policy?: Partial<HttpPolicy>, monotonicMs = () => 0): HttpClient => {
  const client = createHttpClient({ clock: { monotonicMs } }, policy);
  closers.push(client.close);
  return client;
};

const serverWith = async (step: Step): Promise<ScriptedServer> => {
  const server = await startScriptedServer(() => step);
  closers.push(server.close);
  return server;
};

const post = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "POST",
  url,
  headers: { "x-mine": "1" },
  body: '{"a":1}',
  timeoutMs: 5_000,
  ...more,
});

describe("a request that is answered", () => {
  it("brings status, headers and body, and sends what it was given", async () => {
    const server = await serverWith({
      type: "answer",
      status: 422,
      body: "no → good",
      headers: { "X-Reset": "17" },
    });
    const outcome = await clientWith().send(post(`${server.url}/a?b=c`));
    expect(outcome).toMatchObject({ type: "answer", status: 422, body: "no → good" });
    expect(outcome).toHaveProperty(["headers", "x-reset"], "17");
    expect(server.seen).toMatchObject([{ method: "POST", path: "/a?b=c", body: '{"a":1}' }]);
    expect(server.seen[0]?.headers).toMatchObject({ "x-mine": "1", "content-length": "7" });
  });

  it("is whole when the server closes the connection behind it", async () => {
    const body = "x".repeat(300_000);
    const steps: readonly Step[] = [
      { type: "answer", status: 200, body, headers: { connection: "close" } },
      { type: "untilClose", body },
    ];
    for (const step of steps) {
      const server = await serverWith(step);
      const client = clientWith();
      for (let count = 0; count < 10; count++) {
        expect(await client.send(post(server.url))).toMatchObject({ type: "answer", body });
      }
      expect(server.connectionCount()).toBe(10);
    }
  });

  it("leaves a connection that the next request uses", async () => {
    const server = await serverWith({ type: "answer", status: 200, body: "x" });
    const client = clientWith();
    for (let count = 0; count < 3; count++) await client.send(post(server.url));
    expect(server.connectionCount()).toBe(1);
  });

  it("leaves a connection that is closed, not used, once it has idled for too long", async () => {
    const server = await serverWith({ type: "answer", status: 200, body: "x" });
    let nowMs = 0;
    const client = clientWith({ idleMaxMs: 1_000 }, () => nowMs);
    await client.send(post(server.url));
    nowMs = 2_000;
    expect(await client.send(post(server.url))).toMatchObject({ type: "answer" });
    expect(server.connectionCount()).toBe(2);
  });
});

describe("a request that was certainly not received", () => {
  it("says noConnection when the connection is refused", async () => {
    const outcome = await clientWith().send(post(await closedAddress()));
    expect(outcome.type).toBe("noConnection");
  });

  it("says noConnection when the name is not found", async () => {
    const client = clientWith({ connectTimeoutMs: 300 });
    expect((await client.send(post("http://nowhere.invalid/"))).type).toBe("noConnection");
  });

  it("says noConnection when the other side never finishes the TLS handshake", async () => {
    const received: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => undefined).on("data", (bytes) => received.push(bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const client = clientWith({ connectTimeoutMs: 200 });
    const outcome = await client.send(post(`https://127.0.0.1:${port}/`));
    expect(outcome.type).toBe("noConnection");
    expect(Buffer.concat(received).includes("x-mine")).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });

  it("says noConnection when it was given up, or its time was over, before it began", async () => {
    const server = await serverWith({ type: "answer", status: 200, body: "" });
    const client = clientWith();
    const givenUp = await client.send(post(server.url, { signal: AbortSignal.abort() }));
    expect(givenUp.type).toBe("noConnection");
    for (const timeoutMs of [0, -1, Number.NaN]) {
      expect((await client.send(post(server.url, { timeoutMs }))).type).toBe("noConnection");
    }
    expect(server.seen).toEqual([]);
  });

  it("never rejects, whatever the address and the headers are", async () => {
    const server = await serverWith({ type: "answer", status: 200, body: "" });
    const client = clientWith({ connectTimeoutMs: 50 });
    const url = fc.oneof(fc.string(), fc.constant(server.url));
    await fc.assert(
      fc.asyncProperty(url, fc.string({ unit: "binary" }), async (address, header) => {
        const request = post(address, { headers: { "x-odd": header }, timeoutMs: 50 });
        const outcome = await client.send(request);
        expect(["answer", "noConnection"]).toContain(outcome.type);
        expect(JSON.stringify(outcome)).not.toContain("x-odd: ");
      }),
      { numRuns: 50 },
    );
  });
});

describe("a request whose fate is not known", () => {
  it.each([
    ["reset", "drop"],
    ["reset", "tear"],
    ["reset", "garbage"],
    ["timeout", "silence"],
  ] as const)("says %s when the server does this after it was received: %s", async (type, step) => {
    const server = await serverWith({ type: step });
    const outcome = await clientWith().send(post(server.url, { timeoutMs: 300 }));
    expect(outcome.type).toBe(type);
    expect(server.seen).toHaveLength(1);
  });

  it("says tooLarge when the answer is longer than the bound", async () => {
    const server = await serverWith({ type: "answer", status: 200, body: "x".repeat(2_000) });
    const outcome = await clientWith({ answerBytesMax: 1_000 }).send(post(server.url));
    expect(outcome.type).toBe("tooLarge");
  });

  it("says aborted when it is given up while the server thinks", async () => {
    const giveUp = new AbortController();
    const server = await startScriptedServer(() => {
      setImmediate(() => giveUp.abort());
      return { type: "silence" };
    });
    closers.push(server.close);
    const outcome = await clientWith().send(post(server.url, { signal: giveUp.signal }));
    expect(outcome.type).toBe("aborted");
  });

  it("says reset, not noConnection, when a kept connection turns out to be dead", async () => {
    const steps: readonly Step[] = [{ type: "answer", status: 200, body: "" }, { type: "drop" }];
    const server = await startScriptedServer((_request, index) => steps[index] ?? steps[1]!);
    closers.push(server.close);
    const client = clientWith();
    await client.send(post(server.url));
    expect((await client.send(post(server.url))).type).toBe("reset");
    expect(server.connectionCount()).toBe(1);
  });
});
