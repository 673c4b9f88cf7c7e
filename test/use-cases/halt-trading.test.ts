import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLiveStatus } from "../../shared/domain/orders/broker-state.ts";
import { err } from "../../shared/domain/result.ts";
import { createHaltTrading } from "../../shared/use-cases/halt-trading.ts";
import { cellOf, intentOf, holding } from "../fixtures/orders.ts";
import { openOperated, type Operated } from "./operator.ts";
import { runOnce } from "./trading-account.ts";

const WISH = { reason: "The market looks wrong.", by: "alice" };
const TIME = { remainingMs: () => 10_000 };

const SCHEMA_FAULT = {
  type: "VendorFault",
  vendor: "test",
  class: "SCHEMA_ERROR",
  detail: "A field is missing: cash.",
} as const;

const isEntryLive = ({ taken }: Operated): boolean =>
  taken.some((order) => order.side === "buy" && isLiveStatus(order.status));

/** What is delivered and reconciled by the schedules while nobody looks. */
const settle = async (account: Operated): Promise<void> => {
  account.killAtCall(undefined);
  for (let minute = 0; minute < 4; minute++) {
    account.advance(60_000);
    await runOnce(() => account.reconcile());
  }
};

describe("halting", () => {
  it("story 11: ends with no entry at the broker, whatever dies where and is tried again", async () => {
    const plans = fc.record({
      submission: fc.constantFrom("accept", "acceptAndLoseAnswer", "loseRequest", "acceptAndFill"),
      killedAt: fc.integer({ min: 1, max: 40 }),
      isRace: fc.boolean(),
      calls: fc.integer({ min: 1, max: 3 }),
    } as const);
    await fc.assert(
      fc.asyncProperty(plans, async ({ submission, killedAt, isRace, calls }) => {
        const account = await openOperated();
        account.plan(submission);
        await runOnce(() => account.execute(intentOf(), TIME));
        if (isRace) account.loseNextCancelRace();
        account.killAtCall(killedAt);
        for (let call = 0; call < calls; call++) {
          const answer = await runOnce(() => account.halt(WISH, account.within(29_000)));
          const isProven = answer !== "ended" && answer.ok && answer.value.isProven;
          if (isProven) expect(isEntryLive(account)).toBe(false);
        }
        account.killAtCall(undefined);
        const { tradingState } = await account.cell();
        if (tradingState.mode !== "halted") {
          // It died before its first write: then the caller knows, and calls again.
          expect(await account.halt(WISH, account.within(29_000))).toMatchObject({ ok: true });
        }
        await settle(account);
        expect(isEntryLive(account)).toBe(false);
        expect((await account.cell()).tradingState).toMatchObject({ mode: "halted", by: "alice" });
        const late = await account.execute(intentOf({ minute: 5 }), TIME);
        expect(late).toMatchObject({ type: "denied" });
        expect(isEntryLive(account)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("cancels what works and proves it at the broker, in one call", async () => {
    const account = await openOperated();
    await account.execute(intentOf(), TIME);
    const answer = await account.halt(WISH, account.within(29_000));
    expect(answer).toMatchObject({
      ok: true,
      value: { isProven: true, left: [], tradingState: { mode: "halted", ...WISH } },
    });
    expect(isEntryLive(account)).toBe(false);
  });

  it("claims no proof while an order's fate is unknown, and names it", async () => {
    const account = await openOperated();
    account.plan("loseRequest");
    await account.execute(intentOf(), TIME);
    const answer = await account.halt(WISH, account.within(29_000));
    const left = [intentOf().clientOrderId];
    expect(answer).toMatchObject({ ok: true, value: { isProven: false, left } });
    await settle(account);
    expect(await account.halt(WISH, account.within(29_000))).toMatchObject({
      ok: true,
      value: { isProven: true, left: [] },
    });
  });

  it("sets the state with the broker down, says that nothing is proven, and tells people", async () => {
    const account = await openOperated();
    await account.execute(intentOf(), TIME);
    account.setBrokerDown(true);
    const answer = await account.halt(WISH, account.within(29_000));
    expect(answer).toMatchObject({ ok: true, value: { isProven: false } });
    expect((await account.cell()).tradingState.mode).toBe("halted");
    expect(account.alerts).toContainEqual(
      expect.objectContaining({ key: "trading-halted-main", runbook: "trading-halted" }),
    );
    account.setBrokerDown(false);
    await account.reconcile();
    expect(isEntryLive(account)).toBe(false);
  });

  it.each(["listPositions", "readAccount", "listOpenOrders"] as const)(
    "story 11: cancels entries though %s fails, and claims no proof",
    async (failing) => {
      const account = await openOperated();
      await account.execute(intentOf(), TIME);
      const broker = { ...account.deps.broker, [failing]: async () => err(SCHEMA_FAULT) };
      const halt = createHaltTrading({ ...account.deps, broker });
      const answer = await halt(WISH, account.within(29_000));
      expect(answer).toMatchObject({ ok: true, value: { isProven: false } });
      expect(isEntryLive(account)).toBe(false);
    },
  );

  it("sets the state even if the caller leaves no time to prove anything", async () => {
    const account = await openOperated();
    const answer = await account.halt(WISH, { remainingMs: () => 0 });
    expect(answer).toMatchObject({ ok: true, value: { isProven: false } });
    expect((await account.cell()).tradingState.mode).toBe("halted");
  });

  it("keeps the first reason, however often it is called", async () => {
    const account = await openOperated();
    await account.halt(WISH, account.within(29_000));
    const { version } = await account.cell();
    await account.halt({ reason: "Again.", by: "bob" }, { remainingMs: () => 0 });
    const cell = await account.cell();
    expect(cell.tradingState).toMatchObject(WISH);
    expect(cell.version).toBe(version);
  });

  it("leaves a position and the stop around it where they are", async () => {
    const account = await openOperated();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), TIME);
    await account.reconcile();
    const answer = await account.halt(WISH, account.within(29_000));
    expect(answer).toMatchObject({ ok: true, value: { isProven: true } });
    expect(account.taken[0]?.legs.every((leg) => isLiveStatus(leg.status))).toBe(true);
    expect(account.position()).toBeGreaterThan(0);
  });

  it("says so when the ledger does not take it, since trading may go on", async () => {
    const account = await openOperated(cellOf(holding(2)));
    account.loseNextSave("unavailable");
    const answer = await account.halt(WISH, account.within(29_000));
    expect(answer).toMatchObject({
      ok: false,
      error: { type: "Unavailable", detail: expect.stringContaining("at the broker") },
    });
  });
});
