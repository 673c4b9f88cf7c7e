import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  DEPLOYED,
  FUNCTION_NAMES,
  QUEUES,
  TASK_LIMITS_MS,
} from "../../../simulation/world/deployment.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const secondsIn = (text: string, pattern: RegExp): number => {
  const seconds = pattern.exec(text)?.[1];
  if (seconds === undefined) throw new Error("The construct states no such time.");
  return Number(seconds);
};

/** What a person does, in a workflow of its own. */
const NOT_DEPLOYED = ["failover"];

describe("the simulated deployment", () => {
  it.each(FUNCTION_NAMES.filter((name) => !NOT_DEPLOYED.includes(name)))(
    "runs %s with the time-out and the concurrency of its construct",
    (name) => {
      const path = `lib/constructs/functions/${name}.ts`;
      expect(existsSync(new URL(`../../../${path}`, import.meta.url))).toBe(true);
      const text = read(path);
      const { concurrencyMax } = DEPLOYED[name];
      // The construct takes its own time-out from the list that every world reads.
      expect(text).toMatch(
        new RegExp(`Duration\\.seconds\\(TIMEOUT_SECONDS(?:\\.${name}|\\["${name}"\\])\\)`),
      );
      const reserved = /reservedConcurrency: (\d+)/.exec(text)?.[1];
      expect(concurrencyMax).toBe(Number(reserved ?? 100));
    },
  );

  it("has the queues of the trading stack", () => {
    const stack = read("lib/stacks/trading-stack.ts");
    const batches = [...stack.matchAll(/batchSize: (\d+), concurrencyMax: (\d+)/g)].map((match) =>
      match.slice(1).map(Number),
    );
    const { "market-data": marketData, "orders.fifo": orders, "exits.fifo": exits } = QUEUES;
    expect(batches).toEqual([
      [marketData.batchSize, marketData.concurrencyMax],
      [orders.batchSize, orders.concurrencyMax],
    ]);
    expect(exits).toEqual(orders);
    const receives = [...stack.matchAll(/receivesMax: (\d+)/g)].map((match) => Number(match[1]));
    expect(receives).toEqual([marketData.options.maxReceiveCount, orders.options.maxReceiveCount]);
  });

  it("gives the tasks of the trading cycle the limits of its definition", () => {
    const definition = read("lib/workflows/trading-cycle.asl.json");
    for (const task of ["OpenCycle", "PollMarketData", "PollFlow", "CloseCycle"] as const) {
      const pattern = new RegExp(`"Resource": "\\$\\{${task}\\}"[^]*?"TimeoutSeconds": (\\d+)`);
      expect(TASK_LIMITS_MS[task]).toBe(secondsIn(definition, pattern) * 1_000);
    }
    expect(TASK_LIMITS_MS.workflow).toBe(secondsIn(definition, /"TimeoutSeconds": (\d+)/) * 1_000);
  });
});
