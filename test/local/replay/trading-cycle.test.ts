import { readFileSync } from "node:fs";
import { StateMachine } from "aws-local-stepfunctions";
import { describe, expect, it } from "vitest";
import { runTradingCycle, type CycleFunctions } from "../../../local/replay/trading-cycle.ts";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import type { OpenedCycle } from "../../../shared/use-cases/open-cycle.ts";

type Machine = ConstructorParameters<typeof StateMachine>[0];
type Options = NonNullable<Parameters<StateMachine["run"]>[1]>;
type Handlers = NonNullable<NonNullable<Options["overrides"]>["taskResourceLocalHandlers"]>;

const definition: unknown = JSON.parse(
  readFileSync(new URL("../../../lib/workflows/trading-cycle.asl.json", import.meta.url), "utf8"),
);
const SLOT_MS = Date.UTC(2024, 2, 4, 15);

const cycle = { cycleId: "cycle-2024-03-04T15:00Z", slotMs: SLOT_MS };
const shardOf = (shard: number, ...names: readonly string[]) => ({
  ...cycle,
  shard,
  symbols: names.map((name) => parseTicker(name)!),
});
const opened: OpenedCycle = {
  ...cycle,
  run: true,
  reason: "The market is open.",
  shards: [shardOf(0, "AAPL", "MSFT"), shardOf(1, "SPY")],
};

/** Functions that note each call, and answer as the scene tells them to. */
const createScene = (scene: {
  readonly opened?: OpenedCycle;
  readonly failingShard?: number;
  readonly isFlowDown?: boolean;
}) => {
  const calls: { readonly name: string; readonly event: unknown }[] = [];
  const note = (name: string, event: unknown): void => {
    calls.push({ name, event: JSON.parse(canonicalJson(event)) });
  };
  const functions: CycleFunctions = {
    OpenCycle: async (event) => {
      note("OpenCycle", event);
      return scene.opened ?? opened;
    },
    PollMarketData: async (event) => {
      note("PollMarketData", event);
      if (event.shard === scene.failingShard) throw new TypeError("The shard is down.");
      const polled = event.symbols.length;
      return {
        shard: event.shard,
        polled,
        valid: polled,
        confirmed: polled,
        dataMode: "full",
        rejected: {},
        samples: {},
      };
    },
    PollFlow: async (event) => {
      note("PollFlow", event);
      if (scene.isFlowDown === true) throw new RangeError("The flow is down.");
      return { symbols: event.symbols.length, withFlow: 1 };
    },
    CloseCycle: async (event) => {
      note("CloseCycle", event);
      return { outcome: "completed" };
    },
  };
  return { calls, functions };
};

const asDeployed = async (scene: Parameters<typeof createScene>[0]) => {
  const { calls, functions } = createScene(scene);
  // The state machine hands over, as JSON, what the functions before have answered.
  const handlers = functions as unknown as Handlers;
  const machine = new StateMachine(definition as Machine);
  const input = { slot: new Date(SLOT_MS).toISOString() };
  await machine.run(input, { overrides: { taskResourceLocalHandlers: handlers } }).result;
  return calls;
};

const asReplayed = async (scene: Parameters<typeof createScene>[0]) => {
  const { calls, functions } = createScene(scene);
  await runTradingCycle(functions, SLOT_MS);
  return calls;
};

const isParallel = (name: string): boolean => name.startsWith("Poll");

type Calls = ReturnType<typeof createScene>["calls"];

/**
 * The two branches run side by side, so that their calls may come in any order among themselves.
 */
const inStages = (calls: Calls): readonly Calls[] => {
  const from = calls.findIndex(({ name }) => isParallel(name));
  const to = calls.findLastIndex(({ name }) => isParallel(name)) + 1;
  if (from < 0) return [calls];
  const side = calls.slice(from, to).toSorted((left, right) => {
    const [leftText, rightText] = [JSON.stringify(left), JSON.stringify(right)];
    return leftText < rightText ? -1 : 1;
  });
  return [calls.slice(0, from), side, calls.slice(to)];
};

describe("the replay's trading cycle", () => {
  it.each([
    ["when everything works", {}],
    ["when a shard fails", { failingShard: 0 }],
    ["when the flow is down", { isFlowDown: true }],
    ["when both fail", { failingShard: 1, isFlowDown: true }],
    ["when the market is closed", { opened: { ...opened, run: false, shards: [] } }],
  ])(
    "calls the functions of the deployed workflow, in order, with its inputs, %s",
    async (_name, scene) => {
      const [deployed, replayed] = [await asDeployed(scene), await asReplayed(scene)];
      expect(inStages(replayed)).toEqual(inStages(deployed));
    },
  );
});
