import { parseTicker } from "../../shared/domain/market/ticker.ts";
import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import { createSeededRandom } from "../../shared/adapters/host/seeded-random.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { usd } from "../../shared/domain/market/money.ts";
import { type Quantity, shares } from "../../shared/domain/market/quantity.ts";
import {
  type BrokerLeg,
  type BrokerOrder,
  type BrokerPosition,
  isLiveStatus,
} from "../../shared/domain/orders/broker-state.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { type OrderIntent, signOf } from "../../shared/domain/orders/order-intent.ts";
import { err, ok } from "../../shared/domain/result.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import { parseConfiguration } from "../../shared/runtime/configuration.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { createExecuteOrder, type ExecuteOrder } from "../../shared/use-cases/execute-order.ts";
import {
  createReconcileOrders,
  type ReconcileOrders,
  type ReconcileOrdersDeps,
} from "../../shared/use-cases/reconcile-orders.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import type { Archive } from "../../shared/ports/archive.ts";
import type { Broker, SubmitOutcome } from "../../shared/ports/broker.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { Random } from "../../shared/ports/random.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import type { TableSource } from "../../shared/adapters/backup/own-exports.ts";
import { createRecordedItems } from "../../shared/adapters/backup/recorded-items.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createTextItemStore, type TextItemStore } from "../adapters/stored/text-item-store.ts";
import { takenOrder } from "../fixtures/broker-view.ts";
import { cellOf, IBM, NOW_MS, price, quoteOf, REGION, must } from "../fixtures/orders.ts";

/** How the broker treats the next submission. */
export type Submission =
  | "accept"
  | "acceptAndFill"
  | "acceptAndLoseAnswer"
  | "loseRequest"
  | "reject"
  | "refuseRate"
  | "refuseCredentials";

/** The function that was running is no more: nothing after this point happens. */
class Killed extends Error {}

/** One account with a real ledger in memory and a broker that does what it is told. */
export type TradingAccount = {
  readonly ledger: Ledger;
  /** What the ledger is stored in, and what may happen to it there. */
  readonly items: TextItemStore;
  /** What exports of the ledger are made from. */
  readonly source: TableSource;
  /** From now on the ledger is in this store, and what was in the old one is gone. */
  readonly moveTo: (store: ItemStore) => void;
  readonly archive: Archive;
  readonly telemetry: Telemetry;
  readonly execute: ExecuteOrder;
  readonly reconcile: ReconcileOrders;
  readonly alerts: Alert[];
  /** Every order that the broker ever took, in order. */
  readonly taken: BrokerOrder[];
  readonly posts: () => number;
  readonly advance: (ms: number) => void;
  readonly nowMs: () => number;
  /** What the broker does with the submissions to come; `accept` after the last. */
  readonly plan: (...submissions: readonly Submission[]) => void;
  /** Kills the running function at its port call number `call`, counted from now. */
  readonly killAtCall: (call: number | undefined) => void;
  /** The next write of the cell happens, and its answer is lost or looks like a conflict. */
  readonly loseNextSave: (looks: "unavailable" | "conflict") => void;
  readonly fill: (clientOrderId: string) => void;
  /** Fills an order up to so many shares in all, and less than all of it. */
  readonly fillPart: (clientOrderId: string, filled: Quantity) => void;
  /** The bracket around an entry closes what it filled, at its stop. */
  readonly stopOut: (clientOrderId: string) => void;
  /** The bracket's cancelled target fills all the same, as a late report does. */
  readonly fillTargetLate: (clientOrderId: string) => void;
  /** What the broker's position is, from every fill that it ever made. */
  readonly position: (symbol?: Ticker) => number;
  /** The next cancellation is accepted, and a fill is faster. */
  readonly loseNextCancelRace: () => void;
  /** So many cancellations are accepted and not done yet. */
  readonly delayCancels: (count: number) => void;
  readonly cell: () => Promise<ControlCell>;
  /** How often the broker was asked to refuse every order. */
  readonly suspensions: () => number;
  /** From now on the broker answers nothing, or everything again. */
  readonly setBrokerDown: (isDown: boolean) => void;
  /** What this account's use cases are made from. */
  readonly deps: ReconcileOrdersDeps & { readonly random: Random };
};

/** Settings of one symbol, as a user's file would give them. */
export const settings: Settings = (() => {
  const parsed = parseConfiguration(
    "version: 1\nsymbols: [IBM, MSFT]\nmarketData: { vendorsToAgree: 1 }\n",
    {},
  );
  if (!parsed.ok) throw new Error("The fixture's configuration is not valid.");
  return { ...toSettings(parsed.value, { mode: "sim", region: REGION }), account: "main" };
})();

/** Opens an account; `cell` is what its ledger starts with. */
export const openAccount = async (cell: ControlCell = cellOf()): Promise<TradingAccount> => {
  let nowMs = NOW_MS;
  let killAt: number | undefined;
  let posts = 0;
  let suspensions = 0;
  let isBrokerDown = false;
  let submissions: Submission[] = [];
  let lostSave: "unavailable" | "conflict" | undefined;
  let isCancelRaceLost = false;
  let cancelsDelayed = 0;
  const alerts: Alert[] = [];
  const taken: BrokerOrder[] = [];
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };

  /** Dies before the call or, every other time, right after its effect. */
  const mortal = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== "function") return call;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          if (killAt !== undefined) {
            killAt -= 1;
            if (killAt === 0) throw new Killed("Before the call.");
          }
          const answer: unknown = await Reflect.apply(call, target, [...args]);
          if (killAt !== undefined) {
            killAt -= 1;
            if (killAt === 0) throw new Killed("After the call.");
          }
          return answer;
        };
      },
    });

  const replace = (index: number, change: Partial<BrokerOrder>): void => {
    const order = taken[index];
    if (order !== undefined) taken[index] = { ...order, ...change };
  };
  const fillAt = (index: number): void => {
    const order = taken[index];
    if (order === undefined || !isLiveStatus(order.status)) return;
    replace(index, {
      status: "filled",
      filled: order.quantity,
      averagePrice: order.limitPrice ?? price("100.00"),
      legs: order.legs.map((leg) => ({ ...leg, status: "working", statusText: "new" })),
    });
  };
  const fillPartAt = (index: number, filled: Quantity): void => {
    const order = taken[index];
    if (order === undefined || !isLiveStatus(order.status)) return;
    if (filled <= order.filled || filled >= order.quantity) return;
    const averagePrice = order.limitPrice ?? price("100.00");
    replace(index, { status: "partiallyFilled", filled, averagePrice });
  };
  const stopOutAt = (index: number): void => {
    const order = taken[index];
    if (order?.legs.every((leg) => leg.status === "working") !== true) return;
    replace(index, {
      legs: order.legs.map((leg) => (leg.role === "stop" ? stopped(leg) : over(leg))),
    });
  };
  /** One exit of a pair ends the other, as an OCO pair does. */
  const cancelLegsAt = (index: number): void => {
    const order = taken[index];
    if (order === undefined) return;
    if (cancelsDelayed > 0) {
      cancelsDelayed -= 1;
      return;
    }
    if (isCancelRaceLost) {
      isCancelRaceLost = false;
      stopOutAt(index);
      return;
    }
    replace(index, {
      legs: order.legs.map((leg) => (isLiveStatus(leg.status) ? over(leg) : leg)),
    });
  };
  const heldAtBroker = (symbol: Ticker = IBM): Quantity =>
    taken.reduce((sum, order) => {
      if (order.symbol !== symbol) return sum;
      const closed = order.legs.reduce((legs, leg) => legs + leg.filled, 0);
      return sum + signOf(order.side) * (order.filled - closed);
    }, 0) as Quantity;
  const positions = (): readonly BrokerPosition[] =>
    [...new Set(taken.map(({ symbol }) => symbol))].flatMap((symbol) => {
      const quantity = heldAtBroker(symbol);
      const averagePrice = price("100.00");
      const position = { symbol, quantity, averagePrice, available: quantity, currentPrice: null };
      return quantity === 0 ? [] : [position];
    });
  const broker: Broker = {
    submitOrder: async ({ order }): Promise<SubmitOutcome> => {
      posts += 1;
      const submission = submissions.shift() ?? "accept";
      const existing = taken.find((other) => other.clientOrderId === order.clientOrderId);
      if (existing !== undefined) return { type: "alreadyExists", order: existing };
      switch (submission) {
        case "loseRequest":
          return { type: "unknown", detail: "timeout" };
        case "reject":
          return { type: "rejected", code: "40310000", detail: "insufficient buying power" };
        case "refuseRate":
          return { type: "notSent", detail: "429" };
        case "refuseCredentials":
          return { type: "unauthorized", detail: "401" };
        case "accept":
        case "acceptAndFill":
        case "acceptAndLoseAnswer":
      }
      const accepted: BrokerOrder = {
        ...takenOrder(order, `b${taken.length}`, nowMs),
        legs: order.protection === null ? [] : legsOf(taken.length, order),
      };
      taken.push(accepted);
      if (submission === "acceptAndFill") fillAt(taken.length - 1);
      if (submission === "acceptAndLoseAnswer") return { type: "unknown", detail: "timeout" };
      return { type: "acknowledged", order: accepted };
    },
    findOrder: async (id) => {
      const order = taken.find((other) => other.clientOrderId === id);
      return ok(order === undefined ? { type: "notFound" } : { type: "found", order });
    },
    findOrders: async (asked) => {
      const ids = new Set<string>(asked.map(({ clientOrderId }) => clientOrderId));
      return ok(
        new Map(
          taken.flatMap((order) =>
            ids.has(order.clientOrderId) ? [[order.clientOrderId, order] as const] : [],
          ),
        ),
      );
    },
    listOpenOrders: async () => {
      const legs = taken.flatMap((order) =>
        order.legs
          .filter((leg) => leg.status === "working")
          .map((leg) => {
            const side = order.side === "buy" ? ("sell" as const) : ("buy" as const);
            return { ...order, ...leg, side, clientOrderId: leg.brokerOrderId, legs: [] };
          }),
      );
      return ok([...taken.filter(({ status }) => isLiveStatus(status)), ...legs]);
    },
    listPositions: async () => ok(positions()),
    readAccount: async () =>
      ok({
        equity: usd(100_000),
        lastEquity: usd(100_000),
        cash: usd(100_000),
        buyingPower: usd(200_000),
        isBlocked: suspensions > 0,
        canShort: true,
      }),
    readClock: async () => ok({ atMs: nowMs, isOpen: true, nextOpenMs: nowMs, nextCloseMs: nowMs }),
    cancelOrder: async (id) => {
      const withLeg = taken.findIndex((order) =>
        order.legs.some((leg) => leg.brokerOrderId === id),
      );
      if (withLeg >= 0) cancelLegsAt(withLeg);
      const index = taken.findIndex((order) => order.brokerOrderId === id);
      if (taken[index] !== undefined && isLiveStatus(taken[index].status)) {
        const legs = taken[index].legs.map(over);
        replace(index, { status: "cancelled", legs });
      }
      return ok(undefined);
    },
    listOrders: async () => ok(taken),
    listExecutions: async () => {
      const traded = taken.flatMap((order) => [order, ...order.legs]);
      const executions = traded
        .filter((one) => one.filled > 0)
        .map(({ brokerOrderId, filled, averagePrice }) => ({
          executionId: `${brokerOrderId}-1`,
          brokerOrderId,
          quantity: filled,
          price: averagePrice ?? price("100.00"),
          atMs: nowMs,
        }));
      // Told twice, the newest first: only the id says which is which.
      return ok([...executions, ...executions].toReversed());
    },
    suspendTrading: async () => {
      suspensions += 1;
      return ok(undefined);
    },
  };

  const firstStore = createTextItemStore();
  const recorded = createRecordedItems(firstStore, clock);
  let current: ItemStore = recorded.store;
  const items: TextItemStore = {
    isTrusted: false,
    get: (key) => current.get(key),
    getRaw: (key) => current.getRaw(key),
    put: (item, condition) => current.put(item, condition),
    query: (query) => current.query(query),
    add: (key, increments, expiresAtMs) => current.add(key, increments, expiresAtMs),
    putMany: (many) => current.putMany(many),
    getMany: (keys) => current.getMany(keys),
    damage: firstStore.damage,
  };
  const archive = createMemoryArchive();
  const ledger = createStoredLedger(items);
  const telemetry = createStoredTelemetry(items, { region: REGION });
  const first = { ...cell, version: 1 };
  const opened = await ledger.saveCell(first, { version: 0, epoch: 0 });
  if (!opened.ok) throw new Error("The fixture's cell was not stored.");
  const msft = quoteOf("99.99", "100.01", NOW_MS - 1_000, must(parseTicker("MSFT")));
  await telemetry.recordQuotes(0, [quoteOf(), msft]);
  /** A retry inside the client meets its own first write as a conflict; a time-out hides it. */
  const forgetful: Ledger = {
    ...ledger,
    saveCell: async (next, expected) => {
      const saved = await ledger.saveCell(next, expected);
      const looks = lostSave;
      lostSave = undefined;
      if (looks === "unavailable") return err({ type: "LedgerUnavailable", detail: "timeout" });
      return looks === "conflict" ? err({ type: "CellConflict", current: next }) : saved;
    },
  };
  const deps = {
    ledger: mortal(forgetful),
    broker: mortal(unlessDown(broker, () => isBrokerDown)),
    telemetry: mortal(telemetry),
    archive: mortal(archive),
    alerts: {
      publish: async (alert: Alert) => {
        alerts.push(alert);
      },
    },
    clock,
    pause: {
      wait: async (ms: number) => {
        nowMs += ms;
      },
    },
    random: createSeededRandom(7),
    settings,
  };
  return {
    ledger,
    items,
    source: recorded.source,
    moveTo: (store) => {
      current = store;
    },
    archive,
    telemetry,
    execute: createExecuteOrder(deps),
    reconcile: createReconcileOrders(deps),
    alerts,
    taken,
    posts: () => posts,
    suspensions: () => suspensions,
    setBrokerDown: (isDown) => {
      isBrokerDown = isDown;
    },
    deps,
    advance: (ms) => {
      nowMs += ms;
    },
    nowMs: () => nowMs,
    plan: (...next) => {
      submissions = [...next];
    },
    killAtCall: (call) => {
      killAt = call;
    },
    loseNextSave: (looks) => {
      lostSave = looks;
    },
    stopOut: (id) => stopOutAt(taken.findIndex((order) => order.clientOrderId === id)),
    fillTargetLate: (id) => {
      const index = taken.findIndex((order) => order.clientOrderId === id);
      const legs = taken[index]?.legs ?? [];
      replace(index, { legs: legs.map((leg) => (leg.role === "target" ? stopped(leg) : leg)) });
    },
    position: heldAtBroker,
    loseNextCancelRace: () => {
      isCancelRaceLost = true;
    },
    delayCancels: (count) => {
      cancelsDelayed = count;
    },
    fillPart: (id, filled) =>
      fillPartAt(
        taken.findIndex((order) => order.clientOrderId === id),
        filled,
      ),
    fill: (id) => fillAt(taken.findIndex((order) => order.clientOrderId === id)),
    cell: async () => {
      const loaded = await ledger.loadCell("main");
      if (!loaded.ok || loaded.value === undefined) throw new Error("There is no cell.");
      return loaded.value;
    },
  };
};

/** The broker as long as it is there; what is sent while it is not, never reaches it. */
const unlessDown = (whole: Broker, isDown: () => boolean): Broker => {
  const lost: SubmitOutcome = { type: "unknown", detail: DOWN.detail };
  return new Proxy(whole, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name);
      if (!isDown() || typeof call !== "function") return call;
      return async () => (name === "submitOrder" ? lost : err(DOWN));
    },
  });
};

const DOWN: VendorFault = {
  type: "VendorFault",
  vendor: "test",
  class: "NETWORK",
  detail: "The broker did not answer.",
};

const legsOf = (parent: number, { quantity, protection }: OrderIntent): readonly BrokerLeg[] =>
  (["stop", "target"] as const).map((role) => ({
    brokerOrderId: `b${parent}-${role}`,
    role,
    quantity,
    status: "pending",
    statusText: "held",
    filled: shares(0),
    averagePrice: null,
    price: (role === "stop" ? protection?.stopPrice : protection?.targetPrice) ?? null,
  }));

const over = (leg: BrokerLeg): BrokerLeg => ({
  ...leg,
  status: "cancelled",
  statusText: "canceled",
});

const stopped = (leg: BrokerLeg): BrokerLeg => ({
  ...leg,
  status: "filled",
  statusText: "filled",
  filled: leg.quantity,
  averagePrice: price("98.00"),
});

/** Runs a function as its host would: a fault or a kill ends this run and nothing else. */
export const runOnce = async <Outcome>(run: () => Promise<Outcome>): Promise<Outcome | "ended"> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Killed || error instanceof RetryableError) return "ended";
    throw error;
  }
};
