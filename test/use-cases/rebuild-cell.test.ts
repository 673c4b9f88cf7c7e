import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { sealDocument } from "../../shared/adapters/stored/sealed-item.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import { QUIET_WINDOW_MS } from "../../shared/domain/reconciliation/settle-claims.ts";
import { ok } from "../../shared/domain/result.ts";
import { takeOver } from "../../shared/domain/risk/change-cell.ts";
import { exposureOf } from "../../shared/domain/risk/exposure.ts";
import { createOpenCycle } from "../../shared/use-cases/open-cycle.ts";
import { createReconcileOrders } from "../../shared/use-cases/reconcile-orders.ts";
import { updateCell } from "../../shared/use-cases/update-cell.ts";
import { cellOf, IBM, intentOf, REGION } from "../fixtures/orders.ts";
import { openAccount, runOnce, type TradingAccount } from "./trading-account.ts";
import { anySubmission } from "./any-submission.ts";

const UNHURRIED = { remainingMs: () => 30_000 };
const ID = intentOf().clientOrderId;
const EXIT = intentOf({ side: "sell", purpose: "exit" });
const CELL_KEY = { partition: "cell#main", sort: "cell" };

/** Ways in which an item is damaged: its content, its envelope, what conditions compare. */
const damages = {
  garbage: () => "not what it was",
  nothing: () => undefined,
  field: (document: unknown) => {
    const text = JSON.stringify(document ?? null).replace(/"cashFlow":-?\d+/, '"cashFlow":7');
    return JSON.parse(text) as unknown;
  },
} as const;

const corrupt = (account: TradingAccount, how: keyof typeof damages): Promise<void> =>
  account.items.damage(CELL_KEY, (item) => ({ ...item, document: damages[how](item.document) }));

const killAt = fc.option(fc.nat(30));
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ deliver: anySubmission, killAt }) },
  { weight: 2, arbitrary: fc.record({ exitKillAt: killAt }) },
  { weight: 3, arbitrary: fc.record({ reconcileKillAt: killAt }) },
  { weight: 2, arbitrary: fc.record({ waitMs: fc.constantFrom(500, 5_000, QUIET_WINDOW_MS) }) },
  { weight: 1, arbitrary: fc.record({ fill: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ stopOut: fc.constant(true) }) },
  {
    weight: 3,
    arbitrary: fc.record({ damage: fc.constantFrom("garbage", "nothing", "field" as const) }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

const happen = async (account: TradingAccount, next: Happening): Promise<void> => {
  const validUntilMs = account.nowMs() + 3_600_000;
  if ("deliver" in next) {
    account.plan(next.deliver);
    account.killAtCall(next.killAt === null ? undefined : next.killAt + 1);
    await runOnce(() => account.execute({ ...intentOf(), validUntilMs }, UNHURRIED));
  } else if ("exitKillAt" in next) {
    account.killAtCall(next.exitKillAt === null ? undefined : next.exitKillAt + 1);
    await runOnce(() => account.execute({ ...EXIT, validUntilMs }, UNHURRIED));
  } else if ("reconcileKillAt" in next) {
    account.killAtCall(next.reconcileKillAt === null ? undefined : next.reconcileKillAt + 1);
    await runOnce(() => account.reconcile());
  } else if ("waitMs" in next) account.advance(next.waitMs);
  else if ("stopOut" in next) account.stopOut(ID);
  else if ("damage" in next) await corrupt(account, next.damage);
  else {
    account.fill(ID);
    account.fill(EXIT.clientOrderId);
  }
  account.killAtCall(undefined);
};

describe("a damaged control cell", () => {
  it("is rebuilt at any point of any story: nothing lost, nothing doubled, as the broker has it (S1)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 2, maxLength: 14 }), async (story) => {
        const account = await openAccount();
        for (const next of story) {
          await happen(account, next);
          const entries = account.taken.filter((order) => order.side === "buy");
          expect(entries.length).toBeLessThanOrEqual(1);
          expect(account.taken.length - entries.length).toBeLessThanOrEqual(1);
          expect(account.position()).toBeGreaterThanOrEqual(0);
          const loaded = await account.ledger.loadCell("main");
          if (!loaded.ok || loaded.value === undefined) continue;
          const exposure = exposureOf(loaded.value, IBM);
          const isLive = entries.some((order) => order.status === "working");
          // Whatever is live at the broker is reserved or held in the ledger.
          if (isLive) expect(exposure.held + exposure.entryBuys).toBe(shares(2));
        }
        await settle(account);
        const cell = await account.cell();
        expect(cell.holdings[IBM]?.quantity ?? 0).toBe(account.position());
        expect(cell.reconciliation.state).toBe("clean");
        const stages = Object.values(cell.inFlight).map((claim) => claim.stage);
        expect(stages.filter((stage) => stage !== "protecting")).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });

  it("is kept aside as it was, and rebuilt by one write above every epoch", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), UNHURRIED);
    const before = await account.cell();
    await corrupt(account, "field");
    const damaged = await account.items.getRaw(CELL_KEY);
    const report = await account.reconcile();
    expect(report.isClean).toBe(true);
    const cell = await account.cell();
    expect(cell.epoch).toBe(before.epoch + 1);
    expect(cell.tradingState).toMatchObject({ mode: "reducing", by: "rebuild-cell" });
    expect(cell.holdings[IBM]).toMatchObject({
      quantity: shares(2),
      lastEntryAtMs: before.holdings[IBM]?.lastEntryAtMs,
    });
    const [key = ""] = await account.archive.list("corrupt/main/", 10);
    expect(JSON.parse((await account.archive.read(key)) ?? "")).toMatchObject({
      text: damaged?.text,
    });
    expect(account.alerts.map((alert) => alert.key)).toContain("cell-damaged-main");
  });

  it("keeps a claim that no history tells of: its executor died before it recorded (story 1)", async () => {
    const account = await openAccount();
    account.plan("acceptAndLoseAnswer");
    // Dies right after the anySubmission.
    const calls = await callsUntilPost();
    account.killAtCall(calls);
    await runOnce(() => account.execute(intentOf(), UNHURRIED));
    account.killAtCall(undefined);
    expect(account.posts()).toBe(1);
    await corrupt(account, "garbage");
    await account.reconcile();
    expect(exposureOf(await account.cell(), IBM).entryBuys).toBe(shares(2));
    expect((await account.execute(intentOf(), UNHURRIED)).type).toBe("duplicate");
    expect(account.posts()).toBe(1);
  });

  it.each(["broker", "archive"] as const)(
    "stays damaged, and nothing trades, while this fails: %s",
    async (failing) => {
      const account = await openAccount();
      await account.execute(intentOf(), UNHURRIED);
      await corrupt(account, "garbage");
      const reconcile = createReconcileOrders({
        ...account.deps,
        archive:
          failing === "broker"
            ? account.archive
            : { write: () => Promise.reject(new RetryableError("The bucket does not answer.")) },
      });
      if (failing === "broker") account.setBrokerDown(true);
      expect((await reconcile()).isClean).toBe(false);
      const loaded = await account.ledger.loadCell("main");
      expect(loaded).toMatchObject({ ok: false, error: { type: "LedgerCorrupt" } });
      await expect(account.execute(intentOf({ minute: 1 }), UNHURRIED)).rejects.toThrow();
      expect(account.posts()).toBe(1);
      expect(account.alerts.map((alert) => alert.severity)).toContain("critical");
    },
  );

  it("stays halted if it seems to have been, and is left to the Region that it seems to name", async () => {
    const { tradingState } = cellOf();
    const account = await openAccount(
      cellOf({ tradingState: { ...tradingState, mode: "halted" }, activeRegion: "us-west-2" }),
    );
    await corrupt(account, "field");
    expect((await account.reconcile()).differences.join()).toContain("us-west-2");
    expect((await account.ledger.loadCell("main")).ok).toBe(false);
    await account.reconcile({ adoptedBy: "alice" });
    const cell = await account.cell();
    expect(cell.tradingState.mode).toBe("halted");
    expect(cell.activeRegion).toBe(REGION);
  });

  it("is not rebuilt over what another one repaired meanwhile", async () => {
    const account = await openAccount();
    await corrupt(account, "garbage");
    const damage = await account.ledger.readDamagedCell("main");
    if (!damage.ok || damage.value === "whole") throw new Error("The cell is damaged.");
    const repaired = cellOf({ version: 8, epoch: 3 });
    const first = await account.ledger.replaceDamagedCell(repaired, damage.value);
    expect(first.ok).toBe(true);
    const second = await account.ledger.replaceDamagedCell(cellOf({ version: 9 }), damage.value);
    expect(second).toEqual({ ok: false, error: { type: "DamageGone" } });
    expect(await account.cell()).toEqual(repaired);
  });

  it("is not what a newer deployment wrote", async () => {
    const account = await openAccount();
    await account.items.damage(CELL_KEY, (item) => {
      const newer = { schemaVersion: 99, body: { anything: "new" } };
      return { ...item, document: sealDocument(CELL_KEY, newer.body, newer.schemaVersion) };
    });
    await expect(account.reconcile()).rejects.toThrow(RetryableError);
    expect(await account.archive.list("", 10)).toEqual([]);
  });
});

describe("a missing control cell", () => {
  it("of an account that has traded is rebuilt, never opened as new", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), UNHURRIED);
    // Regions that take over and order nothing leave no trace in histories.
    for (const region of ["us-west-2", REGION, "us-west-2", REGION]) {
      await updateCell(account.deps, await account.cell(), (cell) => takeOver(cell, region, 0));
    }
    const lost = await account.cell();
    const items = createMemoryItemStore();
    const partition = "orders#main#20260310";
    const histories = { partition, sortPrefix: "", direction: "forward", limit: 100 } as const;
    // What is trusted keeps objects, so that histories are read as they are.
    for (const item of await account.items.query(histories)) {
      const document = (item.document as { readonly body: unknown }).body;
      await items.put({ ...item, document }, { type: "absent" });
    }
    const deps = { ...account.deps, ledger: createStoredLedger(items) };
    const openCycle = createOpenCycle({
      ...deps,
      marketData: { fetchSnapshots: async () => ok({ snapshots: [], missing: [] }) },
      calendar: { momentOf: async () => ({ ok: true, value: { phase: "open" } as never }) },
    });
    const opened = await openCycle(account.nowMs());
    expect(opened.run).toBe(false);
    expect(opened.reason).toContain("missing");
    expect((await createReconcileOrders(deps)()).isClean).toBe(true);
    const cell = await deps.ledger.loadCell("main");
    expect(cell).toMatchObject({
      ok: true,
      value: { tradingState: { mode: "reducing" } },
    });
    expect(cell.ok && cell.value?.epoch).toBeGreaterThan(lost.epoch);
    expect(cell.ok && cell.value?.holdings[IBM]?.quantity).toBe(shares(2));
  });
});

/** How many port calls an execution makes until its order is with the broker. */
const callsUntilPost = async (): Promise<number> => {
  for (let calls = 1; calls < 60; calls++) {
    const account = await openAccount();
    account.killAtCall(calls);
    await runOnce(() => account.execute(intentOf(), UNHURRIED));
    if (account.posts() === 1) return calls;
  }
  throw new Error("No execution posts.");
};

const settle = async (account: TradingAccount): Promise<void> => {
  account.fill(ID);
  for (let run = 0; run < 6; run++) {
    await runOnce(() => account.reconcile());
    account.advance(QUIET_WINDOW_MS);
    account.fill(EXIT.clientOrderId);
  }
  account.advance(3_600_000);
  for (let run = 0; run < 3; run++) {
    await runOnce(() => account.reconcile());
    account.advance(QUIET_WINDOW_MS);
  }
};
