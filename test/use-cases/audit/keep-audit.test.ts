import { describe, expect, it } from "vitest";
import type { Item } from "../../../shared/adapters/stored/item-store.ts";
import { sealDocument, type SealedDocument } from "../../../shared/adapters/stored/sealed-item.ts";
import { takeOver } from "../../../shared/domain/risk/change-cell.ts";
import { haltTrading } from "../../../shared/domain/risk/trading-state.ts";
import { updateCell } from "../../../shared/use-cases/update-cell.ts";
import { intentOf } from "../../fixtures/orders.ts";
import { openAccount, type TradingAccount } from "../trading-account.ts";
import { auditOf } from "./audited.ts";

const TIME = { remainingMs: () => 10_000 };
const HOUR_MS = 60 * 60_000;

const change = async (
  account: TradingAccount,
  next: Parameters<typeof updateCell>[2],
): Promise<void> => {
  await updateCell(account.deps, await account.cell(), next);
};

/** Reads and writes of what the ledger is stored in, while `work` runs. */
const countPuts = async (account: TradingAccount, work: () => Promise<unknown>) => {
  const puts: string[] = [];
  const { items } = account;
  const original = items.put;
  Object.assign(items, {
    put: (...input: Parameters<typeof original>) => {
      puts.push(input[0].partition);
      return original(...input);
    },
  });
  await work();
  Object.assign(items, { put: original });
  return puts;
};

/** What somebody writes who knows how items are sealed. */
const reseal = (item: Item): Item => {
  const { body, schemaVersion, previous } = item.document as SealedDocument;
  const [event, ...others] = body as readonly Readonly<Record<string, unknown>>[];
  const changed = [{ ...event, atMs: 1_767_000_000_000 }, ...others];
  return { ...item, document: sealDocument(item, changed, schemaVersion, previous) };
};

type Account = Awaited<ReturnType<typeof openAccount>>;

/** Changes the newest event that is stored of an order, behind everybody's back. */
const damageHistory = async (
  { items }: Account,
  clientOrderId: string,
  change: Parameters<Account["items"]["damage"]>[1],
): Promise<void> => {
  const [, , , , session = "", minute = ""] = clientOrderId.split("_");
  const [item] = await items.query({
    partition: `orders#main#${session}`,
    sortPrefix: `${minute}#`,
    direction: "backward",
    limit: 1,
  });
  if (item === undefined) throw new Error("The order has events.");
  await items.damage(item, change);
};

describe("the keeper of the audit", () => {
  it("seals each order whenever its history grew, with what the guard decided, and nothing twice", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await audit.keep();
    expect((await audit.chain()).map(({ kind }) => kind)).toEqual(["state"]);

    await account.execute(intentOf(), TIME);
    // A second entry in the same symbol at once is denied.
    await account.execute(intentOf({ minute: 1 }), TIME);
    expect(await audit.keep()).toMatchObject({ records: 1, keptTo: 2, flaws: [] });
    const [, orders] = await audit.chain();
    expect(orders?.body).toMatchObject({
      orders: [
        { id: intentOf().clientOrderId, state: "acknowledged", denials: [] },
        { state: "denied" },
      ],
    });

    expect(await audit.keep()).toMatchObject({ records: 0 });
    account.fill(intentOf().clientOrderId);
    account.advance(60_000);
    await account.reconcile();
    expect(await audit.keep()).toMatchObject({ records: 1 });
    const last = (await audit.chain()).at(-1);
    expect(last?.body["orders"]).toMatchObject([{ id: intentOf().clientOrderId, state: "filled" }]);
    expect(await audit.verify()).toMatchObject({ flaws: [], isWhole: true });
  });

  it("seals a day that is over once more as it ended, with what came too late to be seen", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await account.execute(intentOf({ minute: 20 }), TIME);
    await audit.keep();
    // Decided 20 minutes before the newest decision, and stored only now.
    await account.execute(intentOf(), TIME);
    expect(await audit.keep()).toMatchObject({ records: 0 });
    account.advance(24 * HOUR_MS);
    expect(await audit.keep()).toMatchObject({ records: 1, flaws: [] });
    const last = (await audit.chain()).at(-1);
    expect(last?.body).toMatchObject({
      isFinal: true,
      orders: [{ id: intentOf().clientOrderId }, {}],
    });
    expect(await audit.keep()).toMatchObject({ records: 0 });
  });

  it("writes nothing at all while nothing is new, in either Region", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await account.execute(intentOf(), TIME);
    for (const region of [audit, audit.passive]) await region.keep();
    await audit.keep();
    const puts = await countPuts(account, async () => {
      for (let minute = 0; minute < 30; minute++) {
        account.advance(60_000);
        for (const region of [audit, audit.passive]) await region.keep();
      }
    });
    expect(puts).toEqual([]);
  });

  it("records a state that changed without a record of its own", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await audit.keep();
    const halt = { reason: "The market looks wrong.", by: "ada", atMs: account.nowMs() };
    await change(account, (cell) => haltTrading(cell, halt));
    await audit.keep();
    const last = (await audit.chain()).at(-1);
    expect(last).toMatchObject({ kind: "state", body: { mode: "halted", by: "ada", epoch: 1 } });
  });

  it("goes on in the Region that took over, which has what the other one recorded", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await account.execute(intentOf(), TIME);
    await audit.trail.record({ kind: "halt", actor: "ada", epoch: 1, body: {} });
    // The first Region dies before it kept anything.
    await change(account, (cell) => takeOver(cell, "us-west-2", account.nowMs()));
    expect(await audit.passive.keep()).toMatchObject({ flaws: [] });
    const chain = await audit.chain();
    expect(chain.map(({ kind, epoch }) => `${kind} ${epoch}`)).toEqual([
      "halt 1",
      "state 2",
      "orders 2",
    ]);
    expect(chain.map(({ region }) => region).slice(1)).toEqual(["us-west-2", "us-west-2"]);
    // The old one wakes up: it seals nothing, and catches up with its own store.
    expect(await audit.keep()).toMatchObject({ records: 0, keptTo: 3, flaws: [] });
  });

  it("verifies and writes a checkpoint every hour if there is something new, in each Region", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    expect(await audit.keep()).toMatchObject({ checkpoint: 1 });
    expect(await audit.passive.keep()).toMatchObject({ checkpoint: 1 });
    account.advance(2 * HOUR_MS);
    expect(await audit.keep()).toMatchObject({ checkpoint: null });
    await audit.trail.record({ kind: "drill", actor: "ada", epoch: null, body: {} });
    expect(await audit.keep()).toMatchObject({ checkpoint: 2 });
    await audit.trail.record({ kind: "drill", actor: "ada", epoch: null, body: {} });
    expect(await audit.keep()).toMatchObject({ checkpoint: null, keptTo: 3 });
    account.advance(HOUR_MS);
    expect(await audit.passive.keep()).toMatchObject({ checkpoint: 3 });
    expect((await audit.verify()).checkpoints).toBe(4);
  });

  it("pages for a history that was rewritten under a seal that holds, and leaves no checkpoint", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await audit.keep();
    await account.execute(intentOf(), TIME);
    await audit.keep();
    const { clientOrderId } = intentOf();
    await damageHistory(account, clientOrderId, reseal);
    account.advance(HOUR_MS);
    const kept = await audit.keep();
    expect(kept).toMatchObject({
      checkpoint: null,
      flaws: [{ type: "historyDiffers", sequence: 2, clientOrderId }],
    });
    expect(account.alerts.at(-1)).toMatchObject({ severity: "critical", runbook: "audit-chain" });
    expect((await audit.verify()).flaws).toEqual(kept.flaws);
  });

  it("seals every other order while one history is damaged", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await audit.keep();
    await account.execute(intentOf(), TIME);
    const { clientOrderId } = intentOf();
    await damageHistory(account, clientOrderId, (one) => ({
      ...one,
      document: "nobody reads this",
    }));
    const second = intentOf({ minute: 1 });
    await account.execute(second, TIME);
    await audit.keep();
    const last = (await audit.chain()).at(-1);
    expect(last?.body["orders"]).toMatchObject([{ id: second.clientOrderId }]);
  });

  it("takes what a restore says that it lost for explained, and nothing that was sealed before", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await account.execute(intentOf(), TIME);
    await audit.keep();
    const sealedAtMs = account.nowMs();
    const { clientOrderId } = intentOf();
    await damageHistory(account, clientOrderId, reseal);
    const restore = (asOfMs: number) =>
      audit.trail.record({ kind: "restore", actor: "ada", epoch: null, body: { asOfMs } });
    account.advance(60_000);
    await restore(sealedAtMs + 1);
    expect((await audit.verify()).flaws).toMatchObject([{ type: "historyDiffers", sealedAtMs }]);
    await restore(sealedAtMs);
    const verified = await audit.verify();
    expect(verified).toMatchObject({ flaws: [], restores: [sealedAtMs + 1, sealedAtMs] });
  });

  it("finds a head that is damaged, and records nothing behind it", async () => {
    const account = await openAccount();
    const audit = auditOf(account);
    await audit.keep();
    await account.items.damage({ partition: "audit#main", sort: "head" }, (item) => ({
      ...item,
      document: {},
    }));
    const recorded = await audit.trail.record({ kind: "halt", actor: "ada", epoch: 1, body: {} });
    expect(recorded.ok).toBe(false);
    expect(await audit.keep()).toMatchObject({ flaws: [{ type: "headUnreadable" }] });
    expect(account.alerts.at(-1)).toMatchObject({ key: "audit-chain-main", severity: "critical" });
  });
});
