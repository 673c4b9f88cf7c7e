import { RetryableError } from "../../shared/domain/fault.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { CycleEnd } from "../../shared/use-cases/close-cycle.ts";
import type { CycleShard, OpenedCycle } from "../../shared/use-cases/open-cycle.ts";
import type { FlowPolled } from "../../shared/use-cases/poll-flow.ts";
import type { ShardPolled } from "../../shared/use-cases/poll/shard-poll.ts";

/** The four functions of the workflow, under the names by which its definition calls them. */
export type CycleFunctions = {
  readonly OpenCycle: (event: { readonly slot: string }) => Promise<OpenedCycle>;
  readonly PollMarketData: (event: CycleShard) => Promise<ShardPolled>;
  readonly PollFlow: (event: {
    readonly cycleId: string;
    readonly slotMs: number;
    readonly symbols: CycleShard["symbols"];
  }) => Promise<FlowPolled>;
  readonly CloseCycle: (event: CycleEnd) => Promise<unknown>;
};

/** What a shard's poll came to: its answer, or the name of what it threw. */
export type PollOutcome = ShardPolled | { readonly shard: number; readonly error: string };

/** What the cycle's branches came to; `undefined` where there was no cycle. */
export type CycleGathered =
  | { readonly polls: readonly PollOutcome[]; readonly flow: CycleEnd["flow"] }
  | undefined;

const TRIES = 2;

/**
 * Does for one slot what `lib/workflows/trading-cycle.asl.json` does, without a state machine,
 * because a replay runs thousands of cycles a second. A test holds the two against each other.
 */
export const runTradingCycle = async (
  functions: CycleFunctions,
  slotMs: number,
): Promise<CycleGathered> => {
  const slot = new Date(slotMs).toISOString();
  const opened = await retry(() => functions.OpenCycle({ slot }));
  if (!opened.run) return undefined;
  const { cycleId, shards } = opened;
  // As whole lists: flattening looks at every symbol.
  const symbols = ([] as Ticker[]).concat(...shards.map((shard) => shard.symbols));
  const [polls, flow] = await Promise.all([
    Promise.all(shards.map((shard) => pollShard(functions, shard))),
    pollFlow(functions, { cycleId, slotMs: opened.slotMs, symbols }),
  ]);
  await retry(() => functions.CloseCycle({ cycleId, slotMs: opened.slotMs, polls, flow }));
  return { polls, flow };
};

/** A shard that fails does not fail the cycle. */
const pollShard = async (functions: CycleFunctions, shard: CycleShard): Promise<PollOutcome> => {
  try {
    return await functions.PollMarketData(shard);
  } catch (error) {
    return { shard: shard.shard, error: nameOf(error) };
  }
};

/** A cycle goes on without flow. */
const pollFlow = async (
  functions: CycleFunctions,
  event: Parameters<CycleFunctions["PollFlow"]>[0],
): Promise<CycleEnd["flow"]> => {
  try {
    return await functions.PollFlow(event);
  } catch (error) {
    return { error: nameOf(error) };
  }
};

const retry = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (tries >= TRIES || !(error instanceof RetryableError)) throw error;
    }
  }
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "Error");
