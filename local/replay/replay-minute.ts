import { drainQueue } from "./drain-queue.ts";
import type { TapeListener } from "./recorded-tape.ts";
import type { ReplayWorld } from "./replay-world.ts";
import {
  runTradingCycle,
  type CycleFunctions,
  type CycleGathered,
  type PollOutcome,
} from "./trading-cycle.ts";

/** What is counted minute by minute. */
export type MinuteCounts = {
  quotes: number;
  readonly quotesRejected: Map<string, number>;
  readonly faults: Map<string, number>;
};

/**
 * When in a minute its later work is done, ms after the slot: as long as it takes when deployed.
 */
const SCORED_MS = 2_000;
const RECONCILED_MS = 20_000;
const JUDGED_MS = 40_000;

/** As deployed. */
const SCORES_AT_ONCE = 5;
const ORDERS_AT_ONCE = 1;

/** Rounds of "settle at once while anything is unknown" within one minute. */
const RECONCILIATIONS_MAX = 2;

/** Returns how to live one virtual minute; `slotMs` is its start, epoch ms. */
export const createReplayMinute = (
  world: ReplayWorld,
  counts: MinuteCounts,
): ((slotMs: number) => Promise<void>) => {
  const playMarket = createMarketMinute(world, counts);
  const work = createWorkMinute(world, counts);
  return (slotMs) => {
    playMarket(slotMs);
    return work(slotMs);
  };
};

/** Returns what the market does at the start of a minute, whoever is there to see it. */
export const createMarketMinute = (
  { clock, exchange, tape }: Pick<ReplayWorld, "clock" | "exchange" | "tape">,
  counts: MinuteCounts,
): ((slotMs: number) => void) => {
  const books = tape.symbols.map(exchange.bookOf);
  let nowMs = clock.nowMs();
  const listener: TapeListener = {
    onQuote: (place, quote) => {
      counts.quotes++;
      const book = books[place];
      if (book !== undefined) exchange.onBookQuote(book, quote, nowMs);
    },
    onTrades: (place, close) => {
      const book = books[place];
      if (book !== undefined) exchange.onBookTrade(book, close);
    },
  };
  return (slotMs) => {
    // Work that waited may be later than the next step is due; then that step is late too.
    nowMs = Math.max(slotMs, clock.nowMs());
    clock.setTo(nowMs);
    exchange.advance(nowMs);
    tape.playTo(slotMs, listener);
  };
};

/** Returns what the functions of a Region do in a minute, after the market. */
export const createWorkMinute = (
  world: Pick<ReplayWorld, "clock" | "queues" | "functions">,
  counts: MinuteCounts,
): ((slotMs: number) => Promise<void>) => {
  const { clock, functions } = world;
  const cycle: CycleFunctions = {
    OpenCycle: functions.openCycle,
    PollMarketData: functions.pollMarketData,
    PollFlow: functions.pollFlow,
    CloseCycle: functions.closeCycle,
  };
  const attempt = createAttempt(counts);
  const passTo = (atMs: number): void => clock.setTo(Math.max(atMs, clock.nowMs()));
  return async (slotMs) => {
    const gathered = await attempt("trading-cycle", () => runTradingCycle(cycle, slotMs));
    countGathered(counts, gathered);
    passTo(slotMs + SCORED_MS);
    await attempt("queues", () => drainQueues(world));
    passTo(slotMs + RECONCILED_MS);
    await attempt("reconcile-orders", () => reconcile(world));
    passTo(slotMs + JUDGED_MS);
    await attempt("aggregate-health", () => functions.aggregateHealth({}));
  };
};

/** Exits before entries: nothing that may add risk goes ahead of what takes it away. */
const drainQueues = async ({
  queues,
  functions,
}: Pick<ReplayWorld, "queues" | "functions">): Promise<void> => {
  await drainQueue({
    queue: queues.marketData,
    queueName: "market-data",
    invoke: functions.scoreSignals,
    batchSize: SCORES_AT_ONCE,
  });
  for (const name of ["exits", "orders"] as const) {
    await drainQueue({
      queue: queues[name],
      queueName: `${name}.fifo`,
      invoke: functions.executeOrders,
      batchSize: ORDERS_AT_ONCE,
    });
  }
};

const reconcile = async ({ functions }: Pick<ReplayWorld, "functions">): Promise<void> => {
  for (let round = 0; round < RECONCILIATIONS_MAX; round++) {
    const { unknownLeft } = await functions.reconcileOrders({});
    if (unknownLeft === 0) return;
  }
};

const countGathered = (counts: MinuteCounts, gathered: CycleGathered): void => {
  if (gathered === undefined) return;
  for (const poll of gathered.polls) countPoll(counts, poll);
  if ("error" in gathered.flow) countFault(counts.faults, `poll-flow: ${gathered.flow.error}`);
};

const countPoll = ({ quotesRejected, faults }: MinuteCounts, poll: PollOutcome): void => {
  if ("error" in poll) {
    countFault(faults, `poll-market-data: ${poll.error}`);
    return;
  }
  for (const [reason, count] of Object.entries(poll.rejected)) {
    quotesRejected.set(reason, (quotesRejected.get(reason) ?? 0) + count);
  }
};

/** What one function throws is counted, and the minute goes on, as it would when deployed. */
const createAttempt =
  ({ faults }: MinuteCounts) =>
  async <Answer>(name: string, act: () => Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await act();
    } catch (error) {
      countFault(faults, `${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };

const countFault = (faults: Map<string, number>, sentence: string): void => {
  faults.set(sentence, (faults.get(sentence) ?? 0) + 1);
};
