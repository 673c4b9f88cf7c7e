import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as z from "zod";
import { assert } from "../shared/domain/assert.ts";
import { quoteOf } from "../test/fixtures/orders.ts";
import { snapshotsSample } from "../test/adapters/alpaca/wire-samples.ts";
import { queueEvent } from "../test/lambdas/events.ts";
import { goodEnvironment } from "../test/lambdas/good-environment.ts";
import { bundleFunctions } from "../scripts/bundle-functions.ts";
import type { Benchmark } from "./benchmark.ts";
import { percentile } from "./percentile.ts";
import { runNode } from "./run-node.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OURS = `${ROOT}dist/bench/ours`;
const PLAIN = `${ROOT}dist/bench/plain`;
const RUNS = 11;
const TIMEOUT_MS = 60_000;

const SLOT_MS = Date.UTC(2026, 2, 10, 14);

const MESSAGE = {
  cycleId: "c",
  slotMs: SLOT_MS,
  sessionDate: "2026-03-10",
  shard: 0,
  quotes: [quoteOf()],
};

/** The first event of a fresh environment, the same for both bundles. */
const EVENTS = {
  "poll-market-data": { cycleId: "c", slotMs: SLOT_MS, shard: 0, symbols: ["SPY", "IBM"] },
  "score-signals": queueEvent("market-data", [
    { id: "1", body: JSON.stringify(MESSAGE), group: undefined, receiveCount: 1 },
  ]),
} as const;

type MeasuredFunction = keyof typeof EVENTS;

const rowOf = (name: MeasuredFunction): Benchmark => ({
  name: `cold-start-${name}`,
  unit: "ms",
  // A share of the peer's, not milliseconds: the row's own verdict cannot say it, the note does.
  goal: undefined,
  measure: async (report) => {
    await bundleFunctions([name], OURS);
    await bundlePlainly(name);
    const server = await startServices();
    try {
      const ours: number[] = [];
      const plain: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        // In turn, so that whatever else the machine does meets both.
        const first = await start(`${OURS}/${name}/index.mjs`, server.port, name);
        const second = await start(`${PLAIN}/${name}/index.cjs`, server.port, name);
        assert(first.answer === second.answer, "Both bundles answer alike.");
        if (run === 0) continue;
        ours.push(first.elapsedMs);
        plain.push(second.elapsedMs);
      }
      const [own, peer] = [percentile(ours, 0.5), percentile(plain, 0.5)];
      const verdict = own <= 0.6 * peer ? "ok" : "MISSED";
      report(
        `Init and first call, median; ${(own / peer).toFixed(2)} x of at most 0.60 x: ${verdict}.`,
      );
      return { ours: own, peer: { name: "plain bundle", value: peer } };
    } finally {
      await server.close();
    }
  },
});

/** Init and first call of poll-market-data, against the same handler bundled plainly. */
export const coldStartPoll: Benchmark = rowOf("poll-market-data");

/** Init and first call of score-signals, against the same handler bundled plainly. */
export const coldStartScore: Benchmark = rowOf("score-signals");

/** As a deployment tool does it by itself: the official SDK, no plugin, nothing minified. */
const bundlePlainly = async (name: MeasuredFunction): Promise<void> => {
  await build({
    entryPoints: [`${ROOT}lambdas/${name}/index.ts`],
    outfile: `${PLAIN}/${name}/index.cjs`,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    logLevel: "silent",
  });
};

const Said = z.object({ elapsedMs: z.number(), answer: z.unknown() });

const start = async (
  bundle: string,
  port: number,
  name: MeasuredFunction,
): Promise<{ readonly elapsedMs: number; readonly answer: string }> => {
  const child = fileURLToPath(new URL("cold-start-child.ts", import.meta.url));
  const words = [child, bundle, port.toString(), JSON.stringify(EVENTS[name])];
  const environment = { ...goodEnvironment, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const { stdout } = await runNode(words, { timeoutMs: TIMEOUT_MS, environment });
  const last = stdout.trim().split("\n").at(-1) ?? "";
  const { elapsedMs, answer } = Said.parse(JSON.parse(last));
  return { elapsedMs, answer: JSON.stringify(answer) };
};

/** The services and vendors that a function meets, answering at once as if they were empty. */
const startServices = async () => {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await readBody(request);
  const target = request.headers["x-amz-target"]?.toString().split(".").at(-1);
  const text = JSON.stringify(target === undefined ? vendorAnswer() : awsAnswer(target, body));
  const type = target === undefined ? "application/json" : "application/x-amz-json-1.0";
  const length = Buffer.byteLength(text);
  response.writeHead(200, { "content-type": type, "content-length": length });
  response.end(text);
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  request.setEncoding("utf8");
  for await (const part of request) text += String(part);
  return text;
};

/** Fresh at whatever moment it is asked for. */
const vendorAnswer = (): object => {
  const t = new Date().toISOString();
  const { SPY } = snapshotsSample;
  const fresh = {
    ...SPY,
    latestTrade: { ...SPY.latestTrade, t },
    latestQuote: { ...SPY.latestQuote, t },
  };
  return { SPY: fresh, IBM: fresh };
};

const Entries = z.object({
  Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })),
});
const SECRET = { keyId: "k", secretKey: "s", token: "t", apiKey: "a", routingKey: "r" };

const awsAnswer = (operation: string, body: string): object => {
  switch (operation) {
    case "GetSecretValue":
      return { SecretString: JSON.stringify(SECRET) };
    case "Query":
      return { Items: [], Count: 0 };
    case "BatchGetItem":
      return { Responses: {}, UnprocessedKeys: {} };
    case "SendMessageBatch":
      return {
        Successful: Entries.parse(JSON.parse(body)).Entries.map((entry) => ({
          Id: entry.Id,
          MessageId: entry.Id,
          MD5OfMessageBody: createHash("md5").update(entry.MessageBody).digest("hex"),
        })),
      };
    default:
      return {};
  }
};
