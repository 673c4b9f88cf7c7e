import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { type Quantity, shares } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { isLiveStatus } from "../../../shared/domain/orders/broker-state.ts";
import { clientOrderIdOf } from "../../../shared/domain/orders/client-order-id.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import { QUIET_WINDOW_MS } from "../../../shared/domain/reconciliation/settle-claims.ts";
import { err } from "../../../shared/domain/result.ts";
import { takeOver } from "../../../shared/domain/risk/change-cell.ts";
import type { Approved } from "../../../shared/domain/risk/guard.ts";
import type { Ledger } from "../../../shared/ports/ledger.ts";
import type { Broker, SubmitOutcome } from "../../../shared/ports/broker.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { updateCell } from "../../../shared/use-cases/update-cell.ts";
import {
  cellOf,
  DATE,
  IBM,
  intentOf,
  must,
  NOW_MS,
  quoteOf,
  REGION,
} from "../../fixtures/orders.ts";
import { openAccount, settings, type Submission, type TradingAccount } from "../trading-account.ts";
import { OTHER, UNHURRIED } from "./scene.ts";
import { createTurns, type Fate, type Turns, type Waiting } from "./turns.ts";

const SYMBOLS: readonly Ticker[] = [IBM, must(parseTicker("SPY"))];
const STEPS = 400;
const HOUR_MS = 3_600_000;

/** How many seeds a run of the suite looks at; a longer hunt is a larger number here. */
const SEEDS = 25;

/** A world of two Regions, one broker and one account, in which everything interleaves by chance. */
type World = {
  readonly seed: number;
  readonly account: TradingAccount;
  readonly turns: Turns;
  readonly chance: () => number;
  readonly intents: OrderIntent[];
  readonly log: string[];
  /** What must never happen, and did. */
  readonly faults: string[];
  actors: number;
};

const pick = <One>(world: World, list: readonly One[]): One | undefined =>
  list[Math.floor(world.chance() * list.length)];

const openTheWorld = async (seed: number): Promise<World> => {
  const random = createSeededRandom(seed);
  const limits = {
    minCooldownMinutes: 0,
    maxQuoteAgeMs: HOUR_MS * 9,
    maxAccountAgeMs: HOUR_MS * 9,
  };
  const account = await openAccount(cellOf({}, limits));
  await account.telemetry.recordQuotes(
    0,
    SYMBOLS.map((symbol) => quoteOf("99.99", "100.01", NOW_MS - 1_000, symbol)),
  );
  const chance = (): number => random.next();
  return {
    seed,
    account,
    turns: createTurns(),
    chance,
    intents: [],
    log: [],
    faults: [],
    actors: 0,
  };
};

/** The ports of one actor: every call waits for its turn, and its answer may be lost. */
const portsOf = (world: World, actor: number): TradingAccount["deps"] => {
  const { account, turns } = world;
  const { deps } = account;
  const gated = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== "function") return call;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          await turns.wait(actor);
          return Reflect.apply(call, target, [...args]);
        };
      },
    });
  const saveCell: Ledger["saveCell"] = async (...args) => {
    const fate = await turns.wait(actor);
    const saved = await deps.ledger.saveCell(...args);
    if (fate !== "loseAnswer") return saved;
    return err({ type: "LedgerUnavailable", detail: "The answer was lost." });
  };
  const appendEvents: Ledger["appendEvents"] = async (...args) => {
    const fate = await turns.wait(actor);
    const stored = await deps.ledger.appendEvents(...args);
    if (fate !== "loseAnswer") return stored;
    return err({ type: "LedgerUnavailable", detail: "The answer was lost." });
  };
  const submitOrder: Broker["submitOrder"] = async (approved, deadlineMs) => {
    const fate = await turns.wait(actor, account.nowMs() + deadlineMs);
    return arrive(world, approved, fate);
  };
  return {
    ...deps,
    ledger: { ...gated(deps.ledger), ...readsOf(gated(deps.ledger)), saveCell, appendEvents },
    broker: { ...brokerOf(gated(deps.broker)), submitOrder },
    telemetry: deps.telemetry,
    pause: { wait: async () => void (await turns.wait(actor)) },
  };
};

/** A proxy's methods, by name: spreading a proxy copies what it stands before. */
const readsOf = ({ loadCell, loadOrder, loadEvents, listOrders }: Ledger) => ({
  loadCell,
  loadOrder,
  loadEvents,
  listOrders,
});

const brokerOf = (broker: Broker): Broker => ({
  submitOrder: broker.submitOrder,
  findOrder: broker.findOrder,
  listOpenOrders: broker.listOpenOrders,
  listPositions: broker.listPositions,
  readAccount: broker.readAccount,
  readClock: broker.readClock,
  cancelOrder: broker.cancelOrder,
  listExecutions: broker.listExecutions,
  suspendTrading: broker.suspendTrading,
});

const SUBMISSIONS: readonly Submission[] = [
  "accept",
  "accept",
  "acceptAndFill",
  "acceptAndFill",
  "acceptAndLoseAnswer",
  "loseRequest",
  "reject",
  "refuseRate",
];

/** An order reaches the broker, or does not. What reaches it was claimed, and can be carried. */
const arrive = async (
  world: World,
  approved: Approved<OrderIntent>,
  fate: Fate,
): Promise<SubmitOutcome> => {
  const { account, log } = world;
  const { order } = approved;
  const isLost = fate === "timeOut" && world.chance() < 0.5;
  if (isLost) return { type: "unknown", detail: "timeout" };
  const claim = (await account.cell()).inFlight[order.clientOrderId];
  if (claim?.quantity !== order.quantity) world.faults.push("An order was sent without its claim.");
  const submission = fate === "timeOut" ? "acceptAndLoseAnswer" : pick(world, SUBMISSIONS);
  account.plan(submission ?? "accept");
  log.push(`post ${order.clientOrderId} ${submission ?? ""}`);
  if (order.purpose === "exit" && order.quantity > availableOf(account, order.symbol)) {
    world.faults.push("An exit was sent for shares that a bracket or another exit holds.");
  }
  return account.deps.broker.submitOrder(approved, 1);
};

/** What of a position no live order may sell already, as a broker counts it. */
const availableOf = (account: TradingAccount, symbol: Ticker): number =>
  account.taken
    .filter((order) => order.symbol === symbol)
    .reduce((left, order) => {
      const isBracketLive = order.legs.some((leg) => leg.status === "working");
      const isExitLive = order.side === "sell" && isLiveStatus(order.status);
      return (
        left - (isBracketLive ? order.filled : 0) - (isExitLive ? order.quantity - order.filled : 0)
      );
    }, account.position(symbol));

/** Runs a function of a Region; it ends, is given back, or dies. */
const start = (
  world: World,
  name: string,
  run: (deps: TradingAccount["deps"]) => Promise<unknown>,
): void => {
  world.actors += 1;
  const actor = world.actors;
  world.log.push(`${actor} starts ${name}`);
  run(portsOf(world, actor)).then(
    (outcome) => world.log.push(`${actor} ${name}: ${JSON.stringify(outcome)}`),
    (error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
      world.log.push(`${actor} ${name} given back: ${error.message}`);
    },
  );
};

const inRegion = (region: string) => ({ ...settings, region, symbols: SYMBOLS });

const deliver = (world: World, intent: OrderIntent, region: string): void =>
  start(world, `execute ${intent.clientOrderId} in ${region}`, (deps) =>
    createExecuteOrder({ ...deps, settings: inRegion(region) })(intent, UNHURRIED),
  );

const reconcile = (world: World, region: string): void =>
  start(world, `reconcile in ${region}`, (deps) =>
    createReconcileOrders({ ...deps, settings: inRegion(region) })(),
  );

/** A new decision: each minute has its own ids, and a minute may decide an exit and a flattening. */
const decideIntent = (world: World): OrderIntent => {
  const { account } = world;
  const symbol = pick(world, SYMBOLS) ?? IBM;
  const minute = Math.floor((account.nowMs() - NOW_MS) / 60_000);
  const revision = Math.floor(world.chance() * 3);
  const validUntilMs = account.nowMs() + HOUR_MS;
  if (world.chance() < 0.6) {
    const count = 1 + Math.floor(world.chance() * 3);
    return { ...intentOf({ symbol, count, minute, revision }), validUntilMs };
  }
  const exit = intentOf({ symbol, side: "sell", purpose: "exit", count: 4, minute });
  const leg = world.chance() < 0.5 ? "exit" : "flatten";
  const barTimeMs = NOW_MS + minute * 60_000;
  const key = { strategy: "core", account: "main", symbol, sessionDate: DATE, barTimeMs };
  const clientOrderId = clientOrderIdOf({ ...key, side: "sell", leg, revision: 0 });
  return { ...exit, clientOrderId, validUntilMs };
};

/** Time goes by; requests that would be under way for longer end first. */
const pass = async (world: World, ms: number): Promise<void> => {
  const { account, turns } = world;
  const isOver = ({ untilMs }: Waiting): boolean =>
    untilMs !== undefined && untilMs <= account.nowMs() + ms;
  for (const one of turns.waiting.filter(isOver)) await turns.letOn(one, "timeOut");
  account.advance(ms);
};

const operate = async (world: World): Promise<void> => {
  const { account, log } = world;
  const cell = await account.cell();
  if (world.chance() < 0.2) {
    const next = cell.activeRegion === REGION ? OTHER : REGION;
    log.push(`takeover by ${next}`);
    await updateCell(account.deps, cell, (now) => takeOver(now, next, account.nowMs()));
  } else if (cell.reconciliation.state === "clean") {
    const tradingState = { ...cell.tradingState, mode: "active" as const };
    await updateCell(account.deps, cell, (now) => ({ ...now, tradingState }));
  }
};

/** Something happens at the broker: an order fills, in part or whole, or a stop does. */
const trade = (world: World): void => {
  const { account } = world;
  const order = pick(world, account.taken);
  if (order === undefined) return;
  const dice = world.chance();
  if (dice < 0.5) account.fill(order.clientOrderId);
  else if (dice < 0.7) account.fillPart(order.clientOrderId, shares(1));
  else if (order.legs.length > 0) account.stopOut(order.clientOrderId);
};

const step = async (world: World): Promise<void> => {
  const { turns } = world;
  const dice = world.chance();
  const one = pick(world, turns.waiting);
  if (one !== undefined && dice < 0.78) {
    if (world.chance() < 0.02) {
      world.log.push(`${one.actor} dies`);
      turns.kill(one.actor);
    } else await turns.letOn(one, world.chance() < 0.03 ? "loseAnswer" : "go");
    return;
  }
  const { activeRegion } = await world.account.cell();
  const passive = activeRegion === REGION ? OTHER : REGION;
  const region = world.chance() < 0.8 ? activeRegion : passive;
  if (dice < 0.86) {
    const again = world.chance() < 0.3 ? pick(world, world.intents.slice(-5)) : undefined;
    const intent = again ?? decideIntent(world);
    world.intents.push(intent);
    deliver(world, intent, region);
  } else if (dice < 0.92) reconcile(world, region);
  else if (dice < 0.96) trade(world);
  else if (dice < 0.975) await pass(world, pick(world, [1_000, 5_000, QUIET_WINDOW_MS]) ?? 0);
  else await operate(world);
  await setImmediate();
};

/** What must hold at every moment, whoever is half way through whatever. */
const check = async (world: World): Promise<void> => {
  const { account, seed, faults } = world;
  expect(faults, `${seed}`).toEqual([]);
  const cell = await account.cell();
  for (const symbol of SYMBOLS) {
    const held = account.position(symbol);
    expect(held, `${seed}: more of ${symbol} was sold than held`).toBeGreaterThanOrEqual(0);
    const entries = account.taken.filter(
      (order) => order.symbol === symbol && order.side === "buy" && isLiveStatus(order.status),
    );
    const open = entries.reduce((sum, order) => sum + order.quantity - order.filled, held);
    expect(open, `${seed}: ${symbol} is beyond its limit`).toBeLessThanOrEqual(shares(4));
    for (const { clientOrderId } of entries) {
      expect(
        cell.inFlight[clientOrderId],
        `${seed}: ${clientOrderId} lives unclaimed`,
      ).toBeDefined();
    }
  }
  expect(cell.tradingState.mode, `${seed}: ${cell.tradingState.reason}`).not.toBe("halted");
};

/** Everything is let to its end; then a few quiet minutes make ledger and broker agree. */
const comeToRest = async (world: World): Promise<void> => {
  const { account, turns, seed } = world;
  for (let turn = 0; turn < 5_000; turn++) {
    const [one] = turns.waiting;
    if (one === undefined) break;
    await turns.letOn(one);
    await check(world);
  }
  const { activeRegion } = await account.cell();
  const ownSettings = inRegion(activeRegion);
  const run = createReconcileOrders({ ...account.deps, settings: ownSettings });
  for (let minute = 0; minute < 6; minute++) {
    for (const order of account.taken) account.fill(order.clientOrderId);
    account.advance(QUIET_WINDOW_MS + 1);
    await run();
  }
  const cell = await account.cell();
  const unsettled = Object.values(cell.inFlight).filter(({ stage }) => stage !== "protecting");
  expect(unsettled, `${seed}: unsettled at rest`).toEqual([]);
  for (const symbol of SYMBOLS) {
    const held: Quantity = cell.holdings[symbol]?.quantity ?? shares(0);
    expect(held, `${seed}: ${symbol} in ledger and broker`).toBe(account.position(symbol));
  }
  expect(cell.reconciliation.state, `${seed}: ledger and broker agree`).toBe("clean");
  const { by, reason } = cell.tradingState;
  expect(["open-cycle", "failover"], `${seed}: ${reason}`).toContain(by);
  const orphans = account.alerts.filter(({ key }) => key.startsWith("orphan"));
  expect(orphans, `${seed}: orphans`).toEqual([]);
};

const simulate = async (seed: number): Promise<World> => {
  const world = await openTheWorld(seed);
  try {
    for (let steps = 0; steps < STEPS; steps++) {
      await step(world);
      await check(world);
    }
    await comeToRest(world);
  } catch (error) {
    throw new Error([...world.log.slice(-60), `Seed ${seed}`].join("\n"), { cause: error });
  }
  return world;
};

describe("two Regions, zombies, lost answers and takeovers", () => {
  it(`double, lose and overrun nothing in ${SEEDS} seeded worlds`, async () => {
    let fills = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = await simulate(seed);
      fills += world.account.taken.filter((order) => order.filled > 0).length;
    }
    // A world in which nothing trades proves nothing.
    expect(fills).toBeGreaterThan(SEEDS);
  });
});
