import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { StateMachine } from "aws-local-stepfunctions";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const text = readFileSync(
  new URL("../../lib/workflows/trading-cycle.asl.json", import.meta.url),
  "utf8",
);
const Definition = z.looseObject({ States: z.record(z.string(), z.unknown()) });
const definition = Definition.parse(JSON.parse(text));

type Machine = ConstructorParameters<typeof StateMachine>[0];
type Options = NonNullable<Parameters<StateMachine["run"]>[1]>;
type Handlers = NonNullable<NonNullable<Options["overrides"]>["taskResourceLocalHandlers"]>;
type Json = Parameters<Handlers[string]>[0];
type Tasks = Readonly<Record<string, (input: Json) => Promise<Json>>>;

const cycle = { cycleId: "cycle-2026-03-02T15:00Z", slotMs: 1_772_463_600_000 };
const shards = [
  { shard: 0, symbols: ["AAPL", "MSFT"], ...cycle },
  { shard: 1, symbols: ["SPY"], ...cycle },
];
const Shard = z.looseObject({ shard: z.number(), symbols: z.array(z.string()) });

/** A day on which everything works. */
const working: Tasks = {
  OpenCycle: async () => ({ run: true, reason: "open", ...cycle, shards }),
  PollMarketData: async (input) => {
    const { shard, symbols } = Shard.parse(input);
    return { shard, polled: symbols.length, valid: symbols.length, rejected: {} };
  },
  PollFlow: async () => ({ symbols: 3, withFlow: 2 }),
  CloseCycle: async () => ({ outcome: "completed" }),
};

/** Runs the deployed definition with these tasks and returns its output and each task's inputs. */
const run = async (tasks: Tasks) => {
  const inputs: Record<string, unknown[]> = {};
  const handlers = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (input: Json) => {
        (inputs[name] ??= []).push(structuredClone(input));
        return task(input);
      },
    ]),
  );
  const machine = new StateMachine(definition as unknown as Machine);
  const execution = machine.run(
    { slot: "2026-03-02T15:00:00Z" },
    { overrides: { taskResourceLocalHandlers: handlers, retryIntervalOverrides: noWaiting } },
  );
  const result: unknown = await execution.result;
  return { result, inputs };
};

/** Retries follow each other at once, so that no test waits. */
const noWaiting = { OpenCycle: 0, PollMarketData: 0, PollFlow: 0, CloseCycle: 0 };

class RetryableError extends Error {
  override readonly name = "RetryableError";
}

const failing = (error: Error) => async () => {
  throw error;
};

describe("the trading cycle", () => {
  it("polls every shard and the flow, then closes with what came of it", async () => {
    const { result, inputs } = await run(working);
    expect(result).toEqual({ outcome: "completed" });
    expect(inputs["OpenCycle"]).toEqual([{ slot: "2026-03-02T15:00:00Z" }]);
    expect(inputs["PollMarketData"]).toEqual(shards);
    expect(inputs["PollFlow"]).toEqual([{ ...cycle, symbols: ["AAPL", "MSFT", "SPY"] }]);
    expect(inputs["CloseCycle"]).toEqual([
      {
        ...cycle,
        polls: [
          { shard: 0, polled: 2, valid: 2, rejected: {} },
          { shard: 1, polled: 1, valid: 1, rejected: {} },
        ],
        flow: { symbols: 3, withFlow: 2 },
      },
    ]);
  });

  it("hands over a list even where one shard has one symbol", async () => {
    const one = [{ shard: 0, symbols: ["SPY"], ...cycle }];
    const open = async () => ({ run: true, reason: "open", ...cycle, shards: one });
    const { inputs } = await run({ ...working, OpenCycle: open });
    expect(inputs["PollFlow"]).toEqual([{ ...cycle, symbols: ["SPY"] }]);
    expect(inputs["CloseCycle"]?.[0]).toMatchObject({ polls: [{ shard: 0 }] });
  });

  it("polls nothing when the market is closed, and says why", async () => {
    const closed = { run: false, reason: "closed", ...cycle, shards: [] };
    const { result, inputs } = await run({ ...working, OpenCycle: async () => closed });
    expect(result).toEqual(closed);
    expect(Object.keys(inputs)).toEqual(["OpenCycle"]);
  });

  it("goes on with the other shards when one fails", async () => {
    const { result, inputs } = await run({
      ...working,
      PollMarketData: async (input) => {
        if (Shard.parse(input).shard === 1) throw new RangeError("The vendor hung up.");
        return { shard: 0, polled: 2 };
      },
    });
    expect(result).toEqual({ outcome: "completed" });
    expect(inputs["CloseCycle"]?.[0]).toMatchObject({
      polls: [
        { shard: 0, polled: 2 },
        { shard: 1, error: "RangeError" },
      ],
    });
  });

  it("goes on when every shard fails, and leaves the judgement to close-cycle", async () => {
    const { inputs } = await run({ ...working, PollMarketData: failing(new TypeError("bug")) });
    expect(inputs["CloseCycle"]?.[0]).toMatchObject({
      polls: [
        { shard: 0, error: "TypeError" },
        { shard: 1, error: "TypeError" },
      ],
    });
  });

  it("goes on without flow", async () => {
    const { result, inputs } = await run({ ...working, PollFlow: failing(new Error("quota")) });
    expect(result).toEqual({ outcome: "completed" });
    expect(inputs["CloseCycle"]?.[0]).toMatchObject({ flow: { error: "Error" } });
  });

  it("never polls a shard twice for an error of its own: it may have published", async () => {
    const { inputs } = await run({ ...working, PollMarketData: failing(new RetryableError("x")) });
    expect(inputs["PollMarketData"]).toHaveLength(shards.length);
  });

  it.each(["OpenCycle", "CloseCycle"])("tries %s once more, then fails aloud", async (name) => {
    let calls = 0;
    const task = async () => {
      calls++;
      throw new RetryableError("The store does not answer.");
    };
    await expect(run({ ...working, [name]: task })).rejects.toThrow();
    expect(calls).toBe(2);
  });

  it("closes when the second try succeeds", async () => {
    let calls = 0;
    const task = async () => {
      calls++;
      if (calls === 1) throw new RetryableError("The store does not answer.");
      return { outcome: "completed" };
    };
    const { result } = await run({ ...working, CloseCycle: task });
    expect(result).toEqual({ outcome: "completed" });
  });
});

const Retry = z.looseObject({ MaxAttempts: z.number(), MaxDelaySeconds: z.number() });
const Task = z.looseObject({
  Type: z.literal("Task"),
  Resource: z.string(),
  TimeoutSeconds: z.number(),
  Retry: z.array(Retry).min(1),
});

/** Every state with its name, those inside branches and maps included. */
const statesWithin = (value: unknown): readonly (readonly [string, unknown])[] => {
  if (typeof value !== "object" || value === null) return [];
  const own = "States" in value ? Object.entries(value.States as object) : [];
  return [...own, ...Object.values(value).flatMap((inner) => statesWithin(inner))];
};

describe("the trading cycle's definition", () => {
  const tasks = statesWithin(definition).flatMap(([name, state]) => {
    const task = Task.safeParse(state);
    return task.success ? [{ name, ...task.data }] : [];
  });

  it("is valid Amazon States Language", () => {
    const validate: unknown = createRequire(import.meta.url)("asl-validator");
    const Validator = z.custom<(definition: unknown) => { isValid: boolean; errors: unknown[] }>(
      (candidate) => typeof candidate === "function",
    );
    const candidate =
      typeof validate === "function" ? validate : z.looseObject({}).parse(validate)["default"];
    expect(Validator.parse(candidate)(definition)).toMatchObject({ isValid: true, errors: [] });
  });

  it("names each task's function after its state, for the stack to fill in", () => {
    const resources = new Map(tasks.map(({ name, Resource }) => [name, Resource]));
    expect(resources).toEqual(
      new Map([
        ["OpenCycle", "${OpenCycle}"],
        ["PollMarketData", "${PollMarketData}"],
        ["PollFlow", "${PollFlow}"],
        ["CloseCycle", "${CloseCycle}"],
      ]),
    );
  });

  it("bounds every task in time and tries, and itself to less than a minute", () => {
    for (const { TimeoutSeconds, Retry: retries } of tasks) {
      expect(TimeoutSeconds).toBeLessThan(30);
      for (const { MaxAttempts, MaxDelaySeconds } of retries) {
        expect(MaxAttempts).toBeLessThanOrEqual(2);
        expect(MaxDelaySeconds).toBeLessThanOrEqual(4);
      }
    }
    expect(definition["TimeoutSeconds"]).toBeLessThan(60);
  });
});
