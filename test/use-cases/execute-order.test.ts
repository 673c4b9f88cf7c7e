import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RetryableError } from "../../shared/domain/fault.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import { QUIET_WINDOW_MS } from "../../shared/domain/reconciliation/settle-claims.ts";
import { exposureOf } from "../../shared/domain/risk/exposure.ts";
import { takeOver } from "../../shared/domain/risk/change-cell.ts";
import { err } from "../../shared/domain/result.ts";
import { createExecuteOrder } from "../../shared/use-cases/execute-order.ts";
import { IBM, cellOf, holding, intentOf } from "../fixtures/orders.ts";
import { openAccount, runOnce, type Submission, type TradingAccount } from "./trading-account.ts";
import { anySubmission } from "./any-submission.ts";

const UNHURRIED = { remainingMs: () => 30_000 };
const ID = intentOf().clientOrderId;
const EXIT = intentOf({ side: "sell", purpose: "exit" });

const stateOf = async (account: TradingAccount): Promise<string> => {
  const order = await account.ledger.loadOrder(ID);
  if (!order.ok) throw new Error(order.error.detail);
  return order.value?.state.name ?? "none";
};

/** What can happen to one intent: deliveries that die anywhere, time, fills, reconciliations. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ deliver: anySubmission, killAt: fc.option(fc.nat(24)) }) },
  { weight: 3, arbitrary: fc.record({ reconcileKillAt: fc.option(fc.nat(16)) }) },
  { weight: 2, arbitrary: fc.record({ waitMs: fc.constantFrom(500, 5_000, QUIET_WINDOW_MS) }) },
  { weight: 1, arbitrary: fc.record({ fill: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ stopOut: fc.constant(true) }) },
  { weight: 2, arbitrary: fc.record({ exitKillAt: fc.option(fc.nat(40)), race: fc.boolean() }) },
);

describe("executing an order", () => {
  it("sends it at most once, whatever dies where and however often it is delivered", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 14 }), async (story) => {
        const account = await openAccount();
        const intent = { ...intentOf(), validUntilMs: account.nowMs() + 3_600_000 };
        for (const next of story) {
          if ("deliver" in next) {
            account.plan(next.deliver);
            account.killAtCall(next.killAt === null ? undefined : next.killAt + 1);
            await runOnce(() => account.execute(intent, UNHURRIED));
          } else if ("reconcileKillAt" in next) {
            const killAt = next.reconcileKillAt;
            account.killAtCall(killAt === null ? undefined : killAt + 1);
            await runOnce(() => account.reconcile());
          } else if ("exitKillAt" in next) {
            if (next.race) account.loseNextCancelRace();
            account.killAtCall(next.exitKillAt === null ? undefined : next.exitKillAt + 1);
            const exit = { ...EXIT, validUntilMs: account.nowMs() + 3_600_000 };
            await runOnce(() => account.execute(exit, UNHURRIED));
          } else if ("waitMs" in next) account.advance(next.waitMs);
          else if ("stopOut" in next) account.stopOut(ID);
          else {
            account.fill(ID);
            account.fill(EXIT.clientOrderId);
          }
          account.killAtCall(undefined);
          const cell = await account.cell();
          const exposure = exposureOf(cell, IBM);
          const entries = account.taken.filter((order) => order.side === "buy");
          const live = entries.filter((order) => order.status === "working");
          expect(entries.length).toBeLessThanOrEqual(1);
          expect(account.taken.length - entries.length).toBeLessThanOrEqual(1);
          // Never sold more than was held, whoever was faster: bracket, exit or cancellation.
          expect(account.position()).toBeGreaterThanOrEqual(0);
          // Whatever is live at the broker is reserved or held in the ledger.
          if (live.length > 0) expect(exposure.held + exposure.entryBuys).toBe(shares(2));
        }
        await settles(account);
      }),
      { numRuns: 400 },
    );
  });

  it.each<[Submission, string, string]>([
    ["accept", "acknowledged", "acknowledged"],
    ["acceptAndLoseAnswer", "unknown", "unknown"],
    ["loseRequest", "unknown", "unknown"],
    ["reject", "rejected", "rejected"],
    ["refuseCredentials", "rejected", "notSent"],
  ])("records what the answer means: %s", async (answer, outcome, state) => {
    const account = await openAccount();
    account.plan(answer);
    expect((await account.execute(intentOf(), UNHURRIED)).type).toBe(outcome);
    expect(await stateOf(account)).toBe(state);
  });

  it("treats a anySubmission that timed out as live until the broker has denied it for long", async () => {
    const account = await openAccount();
    account.plan("acceptAndLoseAnswer");
    await account.execute(intentOf(), UNHURRIED);
    for (let deliveries = 0; deliveries < 50; deliveries++) {
      const again = await account.execute(intentOf(), UNHURRIED);
      expect(again.type).toBe("duplicate");
    }
    expect(account.posts()).toBe(1);
    const other = await account.execute(intentOf({ minute: 1 }), UNHURRIED);
    expect(other.reasons).toContain("symbolUnknown");
    await account.reconcile();
    expect(await stateOf(account)).toBe("acknowledged");
  });

  it("sends the same id again after a 429, and a new one never", async () => {
    const account = await openAccount();
    account.plan("refuseRate", "accept");
    await expect(account.execute(intentOf(), UNHURRIED)).rejects.toThrow(RetryableError);
    expect(Object.keys((await account.cell()).inFlight)).toEqual([]);
    expect((await account.execute(intentOf(), UNHURRIED)).type).toBe("acknowledged");
    expect(account.taken.map((order) => order.clientOrderId)).toEqual([ID]);
  });

  it("halts and pages when the broker refuses the credentials", async () => {
    const account = await openAccount();
    account.plan("refuseCredentials");
    await account.execute(intentOf(), UNHURRIED);
    expect((await account.cell()).tradingState.mode).toBe("halted");
    expect(account.alerts.map((alert) => alert.severity)).toEqual(["critical"]);
    expect((await account.execute(intentOf({ minute: 1 }), UNHURRIED)).reasons).toContain(
      "tradingHalted",
    );
  });

  it("halts and pages when the broker has another order under the same id", async () => {
    const account = await openAccount();
    await account.execute(intentOf({ count: 1 }), UNHURRIED);
    const order = account.taken[0];
    if (order === undefined) throw new Error("Nothing was sent.");
    const other = await openAccount();
    other.taken.push(order);
    await other.execute(intentOf({ count: 2 }), UNHURRIED);
    expect((await other.cell()).tradingState.mode).toBe("halted");
    expect(other.taken).toHaveLength(1);
  });

  it("sheds an intent that waited too long, and never tries it again", async () => {
    const account = await openAccount();
    account.advance(60_000);
    expect((await account.execute(intentOf(), UNHURRIED)).type).toBe("shed");
    expect((await account.execute(intentOf(), UNHURRIED)).type).toBe("duplicate");
    expect(account.posts()).toBe(0);
  });

  it.each(["shed", "denied"] as const)(
    "gives an intent back whose end (%s) is not stored",
    async (end) => {
      const account = await openAccount(
        end === "shed" ? cellOf() : takeOver(cellOf(), "us-west-2", 0),
      );
      if (end === "shed") account.advance(60_000);
      let fails = true;
      const deps = {
        ...account.deps,
        ledger: {
          ...account.ledger,
          appendEvents: (...given: Parameters<typeof account.ledger.appendEvents>) =>
            given[1] === 1 && fails
              ? Promise.resolve(err({ type: "LedgerUnavailable", detail: "Throttled." } as const))
              : account.ledger.appendEvents(...given),
        },
      };
      const execute = createExecuteOrder(deps);
      await expect(execute(intentOf(), UNHURRIED)).rejects.toThrow(RetryableError);
      expect(await stateOf(account)).toBe("new");
      fails = false;
      expect((await execute(intentOf(), UNHURRIED)).type).toBe(end);
      expect(await stateOf(account)).toBe(end === "shed" ? "expired" : "denied");
    },
  );

  it("does not begin what it has no time to finish", async () => {
    const account = await openAccount();
    const hurried = { remainingMs: () => 6_000 };
    await expect(account.execute(intentOf(), hurried)).rejects.toThrow("too little time");
    expect(account.posts()).toBe(0);
    expect((await account.execute(intentOf(), UNHURRIED)).type).toBe("acknowledged");
  });

  it("checks the claim's deadline on the clock that never goes back", async () => {
    const account = await openAccount();
    let monotonicMs = 0;
    // Storing the claim takes eleven seconds, and the wall clock was put back meanwhile.
    const ledger = {
      ...account.ledger,
      saveCell: async (...write: Parameters<typeof account.ledger.saveCell>) => {
        monotonicMs += 11_000;
        return account.ledger.saveCell(...write);
      },
    };
    const clock = { nowMs: account.nowMs, monotonicMs: () => monotonicMs };
    const execute = createExecuteOrder({ ...account.deps, ledger, clock });
    await expect(execute(intentOf(), UNHURRIED)).rejects.toThrow("too little time");
    expect(account.posts()).toBe(0);
  });

  it("gives the broker at most what leaves the function time to record the answer", async () => {
    const account = await openAccount();
    const given: number[] = [];
    const broker: typeof account.deps.broker = {
      ...account.deps.broker,
      submitOrder: async (order, deadlineMs) => {
        given.push(deadlineMs);
        return account.deps.broker.submitOrder(order, deadlineMs);
      },
    };
    const execute = createExecuteOrder({ ...account.deps, broker });
    await execute(intentOf(), { remainingMs: () => 12_000 });
    expect(given).toEqual([7_000]);
  });

  it("sends nothing from a Region that another one has fenced", async () => {
    const account = await openAccount(takeOver(cellOf(), "us-west-2", 0));
    const outcome = await account.execute(intentOf(), UNHURRIED);
    expect(outcome.reasons).toContain("notActiveRegion");
    expect(account.posts()).toBe(0);
  });

  it("writes each trade once into the history, although the broker tells it twice", async () => {
    const account = await held();
    account.stopOut(ID);
    await account.reconcile();
    await account.reconcile();
    const order = await account.ledger.loadOrder(ID);
    if (!order.ok || order.value === undefined) throw new Error("There is no order.");
    expect(Object.keys(order.value.executions)).toEqual(["b0-1", "b0-stop-1"]);
    const events = await account.ledger.loadEvents(ID);
    const times = events.ok && events.value.filter(({ type }) => type === "executionsObserved");
    expect(times).toHaveLength(2);
  });

  describe("an exit from under a bracket", () => {
    it("cancels the bracket, waits for the broker to confirm, and only then sells", async () => {
      const account = await held();
      account.delayCancels(3);
      expect((await account.execute(EXIT, UNHURRIED)).type).toBe("acknowledged");
      expect(account.taken[0]?.legs.map((leg) => leg.status)).toEqual(["cancelled", "cancelled"]);
      account.fill(EXIT.clientOrderId);
      expect(account.position()).toBe(0);
    });

    it("sells nothing when the stop was faster than its cancellation", async () => {
      const account = await held();
      account.loseNextCancelRace();
      const outcome = await account.execute(EXIT, UNHURRIED);
      expect(outcome).toEqual({ type: "denied", reasons: ["notReducing"] });
      expect(account.position()).toBe(0);
      expect((await account.cell()).holdings[IBM]?.quantity).toBe(0);
    });

    it("comes again later when the broker does not confirm", async () => {
      const account = await held();
      account.delayCancels(1_000);
      await expect(account.execute(EXIT, UNHURRIED)).rejects.toThrow("not confirmed");
      expect(account.taken).toHaveLength(1);
      account.delayCancels(0);
      expect((await account.execute(EXIT, UNHURRIED)).type).toBe("acknowledged");
    });

    it("leaves the bracket where it is while the exit itself is not allowed", async () => {
      const account = await held();
      const late = { ...EXIT, validUntilMs: account.nowMs() };
      await account.execute(late, UNHURRIED);
      const abroad = {
        ...EXIT,
        account: "main",
        sessionDate: "2026-03-11" as typeof EXIT.sessionDate,
      };
      await account.execute(abroad, UNHURRIED);
      expect(account.taken[0]?.legs.map((leg) => leg.status)).toEqual(["working", "working"]);
    });
  });

  it("lets an exit through while telemetry is down", async () => {
    const account = await openAccount(cellOf(holding(2)));
    await account.telemetry.recordQuotes(0, []);
    const exit = intentOf({ side: "sell", purpose: "exit" });
    expect((await account.execute(exit, UNHURRIED)).type).toBe("acknowledged");
  });

  it.each(["unavailable", "conflict"] as const)(
    "knows its own claim when the write's answer was lost: %s",
    async (looks) => {
      const account = await openAccount();
      account.loseNextSave(looks);
      expect((await account.execute(intentOf(), UNHURRIED)).type).toBe("acknowledged");
      expect(account.posts()).toBe(1);
      expect(Object.keys((await account.cell()).inFlight)).toEqual([ID]);
    },
  );

  it("races two executors on one account without a double or a limit passed", async () => {
    for (let round = 0; round < 200; round++) {
      const account = await openAccount(cellOf({}, { minCooldownMinutes: 0 }));
      const intents = [intentOf({ count: 3 }), intentOf({ count: 3, minute: 1 })];
      await Promise.all(
        [...intents, ...intents].map((intent) => runOnce(() => account.execute(intent, UNHURRIED))),
      );
      const sent = account.taken.reduce((sum, order) => sum + order.quantity, 0);
      expect(sent).toBe(shares(3));
      expect(new Set(account.taken.map((order) => order.clientOrderId)).size).toBe(
        account.taken.length,
      );
    }
  });

  it("writes to the ledger three times up to the broker's acknowledgement", async () => {
    const account = await openAccount();
    const before = (await account.cell()).version;
    await account.execute(intentOf(), UNHURRIED);
    const events = await account.ledger.loadEvents(ID);
    expect(events.ok && events.value.map((event) => event.type)).toEqual([
      "intentRecorded",
      "claimed",
      "acknowledged",
    ]);
    expect((await account.cell()).version).toBe(before + 1);
  });
});

/** An account that holds two shares, with their bracket at the broker. */
const held = async (): Promise<TradingAccount> => {
  const account = await openAccount();
  account.plan("acceptAndFill");
  await account.execute(intentOf(), UNHURRIED);
  await account.reconcile();
  return account;
};

/**
 * Without faults, bounded reconciling leaves nothing unknown and the ledger equal to the broker.
 */
const settles = async (account: TradingAccount): Promise<void> => {
  for (let runs = 0; runs < 6; runs++) {
    account.fill(ID);
    account.fill(EXIT.clientOrderId);
    account.advance(QUIET_WINDOW_MS);
    await account.reconcile();
  }
  const cell = await account.cell();
  const stages = Object.values(cell.inFlight).map((claim) => claim.stage);
  expect(stages.filter((stage) => stage !== "protecting")).toEqual([]);
  expect(cell.holdings[IBM]?.quantity ?? 0).toBe(account.position());
  expect(cell.reconciliation.state).toBe("clean");
};
