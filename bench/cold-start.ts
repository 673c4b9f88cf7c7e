import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as z from "zod";
import { bundleFunctions } from "../scripts/bundle-functions.ts";
import { createHostClock } from "../shared/adapters/host/clock.ts";
import { assert } from "../shared/domain/assert.ts";
import { writeMarketDataMessage } from "../shared/use-cases/market-data-message.ts";
import { DATE, quoteOf } from "../test/fixtures/orders.ts";
import { queueEvent } from "../test/lambdas/events.ts";
import { goodEnvironment } from "../test/lambdas/good-environment.ts";
import type { Benchmark } from "./benchmark.ts";
import { type ColdStartServices, startColdStartServices } from "./cold-start-services.ts";
import { percentile } from "./percentile.ts";
import { runNode } from "./run-node.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OURS = `${ROOT}dist/bench/ours`;
const PLAIN = `${ROOT}dist/bench/plain`;
const RUNS = 11;
const TIMEOUT_MS = 60_000;

type MeasuredFunction = "poll-market-data" | "score-signals";

/** The first event of a fresh environment, a cycle of `nowMs`. */
const eventOf = (name: MeasuredFunction, nowMs: number): object => {
  const cycle = { cycleId: "c", slotMs: nowMs, shard: 0 };
  switch (name) {
    case "poll-market-data":
      return { ...cycle, symbols: ["SPY", "IBM"] };
    case "score-signals": {
      const quotes = [{ ...quoteOf(), exchangeTimeMs: nowMs, receivedAtMs: nowMs }];
      const body = writeMarketDataMessage({ ...cycle, sessionDate: DATE, quotes });
      return queueEvent("market-data", [{ id: "1", body, group: undefined, receiveCount: 1 }]);
    }
  }
};

/** What a first call asks for that does its work; one that gives up early does not. */
const WORK: Readonly<Record<MeasuredFunction, readonly string[]>> = {
  "poll-market-data": ["/v2/stocks/snapshots", "SendMessageBatch market-data"],
  "score-signals": ["GetItem", "BatchGetItem", "PutItem", "UpdateItem"],
};

const rowOf = (name: MeasuredFunction): Benchmark => ({
  name: `cold-start-${name}`,
  unit: "ms",
  // A share of the peer's, not milliseconds: the row's own verdict cannot say it, the note does.
  goal: undefined,
  measure: async (report) => {
    await bundleFunctions([name], OURS);
    await bundlePlainly(name);
    const services = await startColdStartServices();
    // As empty as a new environment's; the machine's own may hold anything.
    const temporary = await mkdtemp(join(tmpdir(), "holdfast-cold-start-"));
    try {
      const ours: number[] = [];
      const plain: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        // In turn, so that whatever else the machine does meets both.
        const first = await start(name, `${OURS}/${name}/index.mjs`, { services, temporary });
        const second = await start(name, `${PLAIN}/${name}/index.cjs`, { services, temporary });
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
      await services.close();
      await rm(temporary, { recursive: true, force: true });
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
  name: MeasuredFunction,
  bundle: string,
  { services, temporary }: { readonly services: ColdStartServices; readonly temporary: string },
): Promise<{ readonly elapsedMs: number; readonly answer: string }> => {
  const child = fileURLToPath(new URL("cold-start-child.ts", import.meta.url));
  const event = JSON.stringify(eventOf(name, createHostClock().nowMs()));
  const credentials = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const environment = { ...goodEnvironment, ...credentials, TMPDIR: temporary };
  const words = [child, bundle, services.port.toString(), event];
  const { stdout } = await runNode(words, { timeoutMs: TIMEOUT_MS, environment });
  const asked = services.takeAsked();
  const missing = WORK[name].filter((work) => !asked.includes(work));
  assert(missing.length === 0, `The first call of ${name} asks for ${missing.join(" and ")}.`);
  const last = stdout.trim().split("\n").at(-1) ?? "";
  const { elapsedMs, answer } = Said.parse(JSON.parse(last));
  return { elapsedMs, answer: JSON.stringify(answer) };
};
