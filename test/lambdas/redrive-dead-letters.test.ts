import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHandler as createExecuteOrders } from "../../lambdas/execute-orders/handler.ts";
import { createHandlers } from "../../lambdas/redrive-dead-letters/handler.ts";
import { DeadLettersBody } from "../../shared/adapters/holdfast-api/contract/dead-letters.ts";
import { createMemoryQueue } from "../../shared/adapters/memory/message-queue.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { groupOf } from "../../shared/domain/orders/message-group.ts";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import type { MessageFailure } from "../../shared/domain/dead-letters/dead-letter.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { err } from "../../shared/domain/result.ts";
import { cellOf, holding, intentOf } from "../fixtures/orders.ts";
import { auditOf } from "../use-cases/audit/audited.ts";
import { openAccount, settings } from "../use-cases/trading-account.ts";
import { apiEvent } from "./api-event.ts";
import { queueEvent } from "./events.ts";

const runtime = { log: silentLog, metrics: noMetrics, clock: { monotonicMs: () => 0 } };
const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 20_000 };
const EXIT = { side: "sell", purpose: "exit" } as const;
const BUG: MessageFailure = { kind: "bug", detail: "This does not hold." };

/** An account whose queues have dead letters, and what tends them. */
const openLetters = async (cell = cellOf()) => {
  const account = await openAccount(cell);
  const { clock } = account.deps;
  let isLedgerSilent = false;
  const options = { visibilityTimeoutMs: 30_000, maxReceiveCount: 1 };
  const exits = createMemoryQueue({ ...options, kind: "fifo" }, clock);
  const orders = createMemoryQueue({ ...options, kind: "fifo" }, clock);
  const marketData = createMemoryQueue({ ...options, kind: "standard" }, clock);
  const alerts: Alert[] = [];
  const audit = auditOf(account);
  let dieAt = Infinity;
  let calls = 0;
  /** Every second death strikes after the call has taken effect. */
  const mortal = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    calls += 1;
    if (calls === dieAt && calls % 2 === 0) throw new Error("Killed before the call.");
    const answer = await call();
    if (calls === dieAt) throw new Error("Killed after the call.");
    return answer;
  };
  const doorOf = (queue: typeof exits) => ({
    dead: {
      receive: (limit: number) => mortal(() => queue.deadLetters.receive(limit)),
      remove: (receipt: string) => mortal(() => queue.deadLetters.remove(receipt)),
      release: (receipt: string) => mortal(() => queue.deadLetters.release(receipt)),
    },
    live: {
      send: (messages: Parameters<typeof queue.send>[0]) => mortal(() => queue.send(messages)),
    },
  });
  const handlers = createHandlers(
    {
      doors: { exits: doorOf(exits), orders: doorOf(orders), "market-data": doorOf(marketData) },
      ledger: {
        ...account.ledger,
        loadCell: async (name) =>
          isLedgerSilent
            ? err({ type: "LedgerUnavailable", detail: "silent" })
            : account.ledger.loadCell(name),
      },
      telemetry: account.telemetry,
      archive: {
        ...account.archive,
        write: (key, body) => mortal(() => account.archive.write(key, body)),
      },
      alerts: { publish: async (alert) => void alerts.push(alert) },
      audit: audit.trail,
      clock,
      settings,
    },
    runtime,
  );
  const execute = createExecuteOrders(account.deps, runtime);
  const bury = async (intent: OrderIntent, failure?: MessageFailure): Promise<void> => {
    const body = JSON.stringify(intent);
    const envelope = { envelope: 1, redrives: 0, failure, content: { type: "inline", body } };
    const queue = intent.purpose === "exit" ? exits : orders;
    await queue.deadLetters.send([
      { body: JSON.stringify(envelope), group: groupOf(intent), deduplicationId: intent.reason },
    ]);
  };
  /** Hands what waits to execute-orders, exits first. */
  const deliver = async (): Promise<number> => {
    let delivered = 0;
    for (const [queue, name] of [
      [exits, "exits.fifo"],
      [orders, "orders.fifo"],
    ] as const) {
      for (const message of await queue.receive(10)) {
        delivered += 1;
        const answer = await execute(queueEvent(name, [message]), context);
        if (answer.batchItemFailures.length === 0) await queue.remove(message.receipt);
      }
    }
    return delivered;
  };
  return {
    account,
    alerts,
    audit,
    bury,
    deliver,
    exits,
    orders,
    marketData,
    tend: () => handlers.tend({}, context),
    answer: handlers.answer,
    silenceLedger: () => {
      isLedgerSilent = true;
    },
    dieAtCall: (call: number) => {
      dieAt = call;
      calls = 0;
    },
  };
};

describe("redriving dead letters", () => {
  it("brings an exit back while its position is open, and it is sent once", async () => {
    const world = await openLetters(cellOf(holding(2)));
    await world.bury(intentOf(EXIT), BUG);
    const { letters } = await world.tend();
    expect(letters).toMatchObject([{ queue: "exits", verdict: "redrive", redrives: 0 }]);
    await world.deliver();
    expect(world.account.taken).toHaveLength(1);
    expect(world.alerts).toEqual([]);
  });

  it("never doubles an order, wherever it is killed and however often a letter comes again", async () => {
    const plan = fc.record({
      dieAt: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 4 }),
      copies: fc.integer({ min: 1, max: 3 }),
      isExecutedBefore: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ dieAt, copies, isExecutedBefore }) => {
        const world = await openLetters(cellOf(holding(2)));
        const intent = intentOf(EXIT);
        if (isExecutedBefore) await world.account.execute(intent, { remainingMs: () => 20_000 });
        for (let copy = 0; copy < copies; copy++) {
          await world.bury({ ...intent, reason: `copy ${copy}` }, BUG);
        }
        for (const call of [...dieAt, Infinity, Infinity]) {
          world.dieAtCall(call);
          await world.tend().catch(() => undefined);
          await world.deliver();
          world.account.advance(31_000);
        }
        expect(world.account.taken.length).toBeLessThanOrEqual(1);
        // Sent, still there, or dropped with a record: never simply gone.
        const records = await world.account.archive.list("dead-letters/", 10);
        const { dead } = await world.exits.depth();
        expect(world.account.taken.length + dead + records.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps the order of a group", async () => {
    const world = await openLetters(cellOf());
    const intents = [0, 1, 2].map((revision) => ({
      ...intentOf({ revision }),
      reason: `decision ${revision}`,
    }));
    for (const intent of intents) await world.bury(intent);
    await world.tend();
    const seen: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const [front] = await world.orders.receive(1);
      seen.push(front?.body ?? "");
      await world.orders.remove(front?.receipt ?? "");
    }
    expect(seen.map((body) => /decision \d/.exec(body)?.[0])).toEqual(
      intents.map(({ reason }) => reason),
    );
  });

  it("drops an entry whose time is over, with a record and without a call", async () => {
    const world = await openLetters();
    await world.bury(intentOf());
    world.account.advance(60_000);
    expect((await world.tend()).letters).toMatchObject([{ verdict: "drop", reason: "expired" }]);
    expect(await world.account.archive.list("dead-letters/dropped/orders/", 10)).toHaveLength(1);
    expect((await world.orders.depth()).dead).toBe(0);
    expect(world.alerts).toEqual([]);
  });

  it("keeps poison in the archive, with its reason, and calls a person once a run", async () => {
    const world = await openLetters();
    await world.bury({ ...intentOf(), reason: "a" }, BUG);
    await world.bury({ ...intentOf({ revision: 1 }), reason: "b" }, BUG);
    await world.marketData.deadLetters.send([{ body: "{" }]);
    await world.tend();
    expect(world.alerts.map(({ key, severity }) => [key, severity])).toEqual([
      ["dead-letters-orders-us-east-2", "error"],
      ["dead-letters-market-data-us-east-2", "error"],
    ]);
    expect(world.alerts[0]?.summary).toContain(BUG.detail);
    const [key = ""] = await world.account.archive.list("dead-letters/quarantined/orders/", 10);
    const record = JSON.parse((await world.account.archive.read(key)) ?? "") as object;
    expect(record).toMatchObject({ reason: BUG.detail, queue: "orders", mode: "sim" });
  });

  it("calls loudly when an exit died and its position stays open", async () => {
    const world = await openLetters(cellOf(holding(2)));
    await world.bury(intentOf(EXIT));
    world.account.advance(60_000);
    await world.tend();
    expect(world.alerts).toMatchObject([
      { severity: "critical", key: "dead-letters-exits-us-east-2" },
    ]);
    expect(world.alerts[0]?.summary).toContain("positions are open");
  });

  it("takes a ledger that is silent for no answer, and leaves every intent where it is", async () => {
    const world = await openLetters(cellOf(holding(2)));
    await world.bury(intentOf(EXIT));
    world.silenceLedger();
    await expect(world.tend()).rejects.toThrow(RetryableError);
    expect((await world.exits.depth()).dead).toBe(1);
  });

  it("shows operators what lies there, and does what they ask, by name", async () => {
    const world = await openLetters();
    await world.bury({ ...intentOf(), reason: "a" }, BUG);
    const ask = async (path: string, body: object = {}) => {
      const event = apiEvent("POST", `/api/dead-letters/${path}`, { principal: "olga", body });
      const answer = await world.answer(event, context);
      return DeadLettersBody.parse(JSON.parse(answer.body ?? ""));
    };
    const seen = await ask("look");
    expect(seen.letters).toMatchObject([{ verdict: "quarantine", reason: BUG.detail }]);
    expect((await world.orders.depth()).dead).toBe(1);
    // What caused it has been put right: bounds do not hold, validity does.
    expect((await ask("redrive")).letters).toMatchObject([{ verdict: "redrive" }]);
    expect((await world.orders.depth()).waiting).toBe(1);
    await world.bury({ ...intentOf({ revision: 1 }), reason: "b" });
    const [letter] = (await ask("look")).letters;
    await ask("quarantine", { id: letter?.id, reason: "not wanted" });
    const [key = ""] = await world.account.archive.list("dead-letters/quarantined/orders/", 10);
    expect(await world.account.archive.read(key)).toContain("olga: not wanted");
    const head = await world.audit.heads.load("main");
    expect(head).toMatchObject({
      value: { tail: [{ kind: "dead-letter", actor: "olga", body: { id: letter?.id } }] },
    });
  });
});
