import { describe, expect, it } from "vitest";
import { createEngine } from "../../../simulation/engine/engine.ts";
import { createCallPort, type CallPort } from "../../../simulation/faults/port-calls.ts";
import type { FaultKind } from "../../../simulation/faults/fault-kind.ts";
import type { ObservationType } from "../../../simulation/observation.ts";
import { createLambda, type LambdaFunction } from "../../../simulation/services/lambda.ts";
import { faultsOf } from "../still-faults.ts";

const TIMEOUT_MS = 10_000;

/** A function of which each environment counts its runs; its port takes effect on `effects`. */
const functionOf = (
  work: (call: CallPort, effects: string[]) => Promise<unknown>,
  kinds: readonly FaultKind[] = [],
) => {
  const engine = createEngine(0, () => undefined);
  const faults = faultsOf(kinds);
  const observed: ObservationType[] = [];
  const effects: string[] = [];
  let invocations = 0;
  const observe = ({ type }: { readonly type: ObservationType }): void => void observed.push(type);
  const kill: LambdaFunction["kill"] = (invocation, where) => lambda.kill(invocation, where);
  const lambda: LambdaFunction = createLambda(
    { name: "execute-orders", timeoutMs: TIMEOUT_MS, concurrencyMax: 2 },
    { region: "us-east-1", engine, faults, observe, nextInvocation: () => (invocations += 1) },
    (invocationOf) => {
      const call = createCallPort({ engine, faults, observe, invocationOf, kill });
      let runs = 0;
      return {
        run: async () => {
          runs += 1;
          await work(call, effects);
          return runs;
        },
      };
    },
  );
  const invoke = (): Promise<unknown> =>
    lambda.invoke({}).then(
      (answer) => answer,
      (error: unknown) => (error instanceof Error ? error.name : "thrown"),
    );
  return { engine, lambda, invoke, observed, effects };
};

/** One call of a port that writes `word` where it arrives. */
const write = (call: CallPort, effects: string[], word: string, ms = 1): Promise<string> =>
  call({
    place: faultsOf().placeOf(`port.${word}`),
    time: { leastMs: ms, spreadMs: 0 },
    effect: async () => {
      effects.push(word);
      return "written";
    },
    lost: (detail) => detail,
  });

describe("a simulated Lambda function", () => {
  it("uses a warm environment again, and a new one beside one that is at work", async () => {
    const { engine, invoke, observed } = functionOf((call, effects) => write(call, effects, "one"));
    const both = Promise.all([invoke(), invoke()]);
    await engine.run(5_000);
    expect(await both).toEqual([1, 1]);
    const third = invoke();
    await engine.run(9_000);
    expect(await third).toBe(2);
    expect(observed.filter((type) => type === "functionStarted")).toHaveLength(3);
  });

  it("refuses what is beyond its concurrency", async () => {
    const { engine, invoke } = functionOf((call, effects) => write(call, effects, "one"));
    const all = Promise.all([invoke(), invoke(), invoke()]);
    await engine.run(5_000);
    expect(await all).toEqual([1, 1, "Lambda.TooManyRequestsException"]);
  });

  it("forgets everything after a recycling", async () => {
    const { engine, invoke, lambda } = functionOf((call, effects) => write(call, effects, "one"));
    const first = invoke();
    await engine.run(5_000);
    await first;
    lambda.recycle();
    const second = invoke();
    await engine.run(9_000);
    expect(await second).toBe(1);
  });

  it("takes what a recycling found at work for nothing else", async () => {
    const { engine, invoke, lambda } = functionOf((call, effects) =>
      write(call, effects, "slow", 1_000),
    );
    const first = invoke();
    await engine.run(500);
    lambda.recycle();
    await engine.run(5_000);
    await first;
    const second = invoke();
    await engine.run(9_000);
    expect(await second).toBe(1);
  });

  it("kills what runs into its time-out: nothing of it goes on, what is under way arrives", async () => {
    const { engine, invoke, effects, observed } = functionOf(async (call, words) => {
      await write(call, words, "slow", TIMEOUT_MS + 500);
      await write(call, words, "never");
    });
    const answer = invoke();
    await engine.run(60_000);
    expect(await answer).toBe("States.Timeout");
    expect(effects).toEqual(["slow"]);
    expect(observed).toContain("functionTimedOut");
  });

  it("lets a zombie go on after its time-out", async () => {
    const { engine, invoke, effects, observed } = functionOf(
      async (call, words) => {
        await write(call, words, "late");
        await write(call, words, "after");
      },
      ["zombie"],
    );
    const answer = invoke();
    await engine.run(300_000);
    expect(await answer).toBe("States.Timeout");
    expect(effects).toEqual(["late", "after"]);
    expect(observed).toContain("zombieWentOn");
  });

  it("never uses the environment of what timed out or died again", async () => {
    const { engine, invoke } = functionOf(
      (call, words) => write(call, words, "one"),
      ["kill-after"],
    );
    const both = Promise.all([invoke(), invoke()]);
    await engine.run(60_000);
    expect(await both).toEqual(["Lambda.Unknown", "Lambda.Unknown"]);
  });
});

/** What a call of a port comes to whose service answers so, and what the engine did for it. */
const courseOf = async (kinds: readonly FaultKind[], answer: () => string | Promise<string>) => {
  const told: string[] = [];
  const { engine, invoke, observed } = functionOf(async (call) => {
    const time = { leastMs: 1, spreadMs: 3 };
    const place = faultsOf().placeOf("port.word");
    try {
      told.push(await call({ place, time, effect: answer, lost: (detail) => detail }));
    } catch (error) {
      told.push(String(error));
    }
  }, kinds);
  const invoked = invoke();
  await engine.run(120_000);
  return { answer: await invoked, told, observed, events: engine.events() };
};

const thrown = (): string => {
  throw new Error("Out.");
};

const outcomeOf = async (kinds: readonly FaultKind[]) => {
  let told: string | undefined;
  const { engine, invoke, effects } = functionOf(async (call, words) => {
    told = await write(call, words, "word");
  }, kinds);
  const answer = invoke();
  await engine.run(120_000);
  return { answer: await answer, told, effects };
};

describe("a port call", () => {
  it("takes effect and answers", async () => {
    expect(await outcomeOf([])).toEqual({ answer: 1, told: "written", effects: ["word"] });
  });

  it("fails before it takes effect", async () => {
    const { told, effects } = await outcomeOf(["fail-before"]);
    expect([told, effects]).toEqual(["It was not answered.", []]);
  });

  it("takes effect and loses its answer", async () => {
    const { told, effects } = await outcomeOf(["fail-after"]);
    expect([told, effects]).toEqual(["The answer was lost.", ["word"]]);
  });

  it("is late, and still answers", async () => {
    const { told, effects } = await outcomeOf(["delay"]);
    expect([told ?? "", effects]).toEqual([told ?? "", ["word"]]);
  });

  it.each([[], ["fail-before"], ["fail-after"], ["delay"], ["kill-after"], ["zombie"]] as const)(
    "comes to the same whether its service answers at once or when it is waited for: %s",
    async (...kinds) => {
      const atOnce = await courseOf(kinds, () => "word");
      expect(await courseOf(kinds, async () => "word")).toEqual(atOnce);
      const thrownAtOnce = await courseOf(kinds, thrown);
      expect(await courseOf(kinds, async () => thrown())).toEqual(thrownAtOnce);
    },
  );

  it("kills before or after its effect, and then tells nobody", async () => {
    const before = await outcomeOf(["kill-before"]);
    expect(before).toEqual({ answer: "Lambda.Unknown", told: undefined, effects: [] });
    const after = await outcomeOf(["kill-after"]);
    expect(after).toEqual({ answer: "Lambda.Unknown", told: undefined, effects: ["word"] });
  });
});
