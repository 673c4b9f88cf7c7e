import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStoredBackups } from "../../shared/adapters/backup/stored-backups.ts";
import { EPOCH_LEAP } from "../../shared/domain/backup/restored-cell.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import { QUIET_WINDOW_MS } from "../../shared/domain/reconciliation/settle-claims.ts";
import type { BackupFiles } from "../../shared/ports/backup-files.ts";
import { isTakenOver } from "../../shared/domain/risk/trading-state.ts";
import { takeOver } from "../../shared/domain/risk/change-cell.ts";
import { createReconcileOrders } from "../../shared/use-cases/reconcile-orders.ts";
import { createRestoreLedger } from "../../shared/use-cases/restore-ledger.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import type { AuditRecords } from "../../shared/ports/audit-records.ts";
import { createMemoryRestoreTarget } from "../../shared/adapters/backup/recorded-items.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import { CHAIN_START } from "../../shared/domain/audit/audit-record.ts";
import { createVerifyAudit } from "../../shared/use-cases/audit/verify-audit.ts";
import { IBM, REGION } from "../fixtures/orders.ts";
import { auditOf } from "./audit/audited.ts";
import {
  ENTRY,
  EXIT,
  FAR_MS,
  happen,
  happening,
  must,
  openBackedUp,
  restoreFrom,
} from "./backed-up-account.ts";
import { runOnce, type TradingAccount } from "./trading-account.ts";

const UNHURRIED = { remainingMs: () => 30_000 };

const settle = async (account: TradingAccount): Promise<void> => {
  for (let run = 0; run < 8; run++) {
    await runOnce(() => account.reconcile());
    account.advance(run < 4 ? QUIET_WINDOW_MS : 3_600_000);
    account.fill(EXIT.clientOrderId);
  }
};

describe("a ledger that is lost and restored", () => {
  it("has every order again, and agrees with the broker, wherever the backup was made", async () => {
    const story = fc.array(happening, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(story, story, story, async (first, second, third) => {
        const { account, backUp, restore } = await openBackedUp();
        for (const next of first) await happen(account, next);
        await backUp();
        for (const next of second) await happen(account, next);
        const epoch = (await account.cell()).epoch;
        must(await restore());
        expect((await account.cell()).epoch).toBeGreaterThan(epoch);
        for (const next of third) {
          await happen(account, next);
          // The broker has each id once, and no entry goes out before all is clean and resumed.
          const ids = account.taken.map(({ clientOrderId }) => clientOrderId);
          expect(new Set(ids).size).toBe(ids.length);
        }
        await settle(account);
        const cell = await account.cell();
        expect(cell.holdings[IBM]?.quantity ?? 0).toBe(account.position());
        expect(cell.reconciliation).toEqual({
          state: "clean",
          cleanAtMs: expect.any(Number) as number,
        });
        for (const { clientOrderId, filled } of account.taken) {
          const known = must(await account.ledger.loadOrder(clientOrderId as never));
          expect(known?.filled).toBe(filled);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("begins above every epoch, with exits only, and is as of the backup until it is clean", async () => {
    const { account, backUp, restore } = await openBackedUp();
    const { link } = await backUp();
    const before = await account.cell();
    account.plan("acceptAndFill");
    await account.execute(ENTRY, UNHURRIED);
    const restored = must(await restore());
    const cell = await account.cell();
    expect(restored).toMatchObject({ asOfMs: link?.toMs, epoch: before.epoch + EPOCH_LEAP });
    expect(cell).toMatchObject({
      epoch: before.epoch + EPOCH_LEAP,
      tradingState: { mode: "reducing", by: "restore" },
      reconciliation: { state: "unverified", restoredAsOfMs: link?.toMs },
    });
    expect((await account.reconcile()).isClean).toBe(true);
    const order = must(await account.ledger.loadOrder(ENTRY.clientOrderId));
    expect(order).toMatchObject({
      state: { name: "filled" },
      intent: { protection: ENTRY.protection, purpose: "entry" },
    });
    expect((await account.cell()).holdings[IBM]?.quantity).toBe(shares(2));
  });

  it("trades again by people alone, though the backup was made during a takeover", async () => {
    const { account, backUp, restore } = await openBackedUp();
    const before = await account.cell();
    const taken = takeOver(before, "us-west-2", account.nowMs());
    must(await account.ledger.saveCell(taken, { version: before.version, epoch: before.epoch }));
    await backUp();
    must(await restore());
    const cell = await account.cell();
    expect(cell.tradingState).toMatchObject({ mode: "reducing", by: "restore" });
    expect(isTakenOver(cell)).toBe(false);
  });

  it("is still as of the backup for a Region that takes it over, and trades by people alone", async () => {
    const { backUp, restore, account } = await openBackedUp();
    const { link } = await backUp();
    must(await restore());
    const taken = takeOver(await account.cell(), "us-west-2", account.nowMs());
    expect(taken).toMatchObject({
      tradingState: { mode: "reducing", by: "restore" },
      reconciliation: { state: "unverified", restoredAsOfMs: link?.toMs },
    });
    expect(isTakenOver(taken)).toBe(false);
  });

  it("takes a lost order up once, though two reconciliations run beside each other", async () => {
    const { account, backUp, restore } = await openBackedUp();
    const validUntilMs = account.nowMs() + 3_600_000;
    account.plan("acceptAndFill");
    await account.execute({ ...ENTRY, validUntilMs }, UNHURRIED);
    await account.reconcile();
    await backUp();
    account.advance(1_000);
    account.plan("acceptAndFill");
    await account.execute({ ...EXIT, validUntilMs }, UNHURRIED);
    await account.reconcile();
    must(await restore());
    await reconcileBeside(account);
    expect((await account.cell()).holdings[IBM]?.quantity ?? 0).toBe(account.position());
    await settle(account);
    expect((await account.cell()).holdings[IBM]?.quantity ?? 0).toBe(account.position());
    expect((await account.cell()).reconciliation.state).toBe("clean");
  });
});

/**
 * Two runs: the second one reads the histories that the first has completed, and writes its cell
 * only when the first has come to its end.
 */
const reconcileBeside = async (account: TradingAccount): Promise<void> => {
  const written = Promise.withResolvers<void>();
  const atWrite = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const { ledger } = account.deps;
  let isFirst = true;
  const first = createReconcileOrders({
    ...account.deps,
    ledger: {
      ...ledger,
      saveCell: async (...write) => {
        if (isFirst) {
          isFirst = false;
          written.resolve();
          await atWrite.promise;
        }
        return ledger.saveCell(...write);
      },
    },
  });
  const second = createReconcileOrders({
    ...account.deps,
    ledger: {
      ...ledger,
      loadOrder: async (id) => {
        await written.promise;
        return ledger.loadOrder(id);
      },
      saveCell: async (...write) => {
        atWrite.resolve();
        await ended.promise;
        return ledger.saveCell(...write);
      },
    },
  });
  await Promise.all([first().finally(ended.resolve), runOnce(() => second())]);
};

describe("a chain of backups", () => {
  it("rebuilds what stood at each of its ends, and at none in between", async () => {
    const { account, backUp, restore, files } = await openBackedUp();
    const first = await backUp();
    account.plan("acceptAndFill");
    await account.execute(ENTRY, UNHURRIED);
    const second = await backUp();
    expect([first.link?.kind, second.link?.kind]).toEqual(["full", "incremental"]);
    const between = (second.link?.toMs ?? 0) - 1;
    expect(must(await restore(files, between))).toMatchObject({ orders: 0, links: 1 });
    expect(must(await restore(files, FAR_MS))).toMatchObject({ orders: 1, links: 2 });
    const early = await restore(files, (first.link?.toMs ?? 0) - 1);
    expect(early).toMatchObject({ ok: false, error: { type: "missing" } });
  });

  it("with any one byte changed or any one file gone is refused by that file's name", async () => {
    const { account, backUp, files } = await openBackedUp();
    await backUp();
    account.plan("acceptAndFill");
    await account.execute(ENTRY, UNHURRIED);
    await backUp();
    const keys = (await files.list("exports/", 100)).filter(
      (key) => !key.endsWith("_started") && !key.endsWith(".md5"),
    );
    expect(keys.length).toBeGreaterThanOrEqual(8);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keys),
        fc.option(fc.record({ at: fc.nat(100_000), by: fc.integer({ min: 1, max: 255 }) })),
        async (key, change) => {
          const before = JSON.stringify(await account.cell());
          const body = await files.read(key);
          const damaged = body === undefined ? undefined : Uint8Array.from(body);
          if (damaged !== undefined && change !== null) {
            const at = change.at % damaged.length;
            damaged[at] = (damaged[at] ?? 0) ^ change.by;
          }
          const shown: BackupFiles = {
            ...files,
            read: async (each) =>
              each !== key ? files.read(each) : change === null ? undefined : damaged,
            list: async (prefix, limit) => {
              const listed = await files.list(prefix, limit);
              return change === null ? listed.filter((each) => each !== key) : listed;
            },
          };
          const restored = await restoreFrom(account, shown, FAR_MS);
          const isLastLink = key.endsWith("chain/00000002.json");
          // Without its last link a chain is a shorter one, and as whole.
          if (change === null && isLastLink) return;
          expect(restored.ok).toBe(false);
          if (restored.ok) return;
          const name = key.slice(key.lastIndexOf("/") + 1);
          expect(restored.error.file).toContain(name);
          expect(restored.error.detail).toMatch(/^(The|No) .+\.$/);
          expect(JSON.stringify(await account.cell())).toBe(before);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("has one export under each number, whoever adds it first", async () => {
    const { account, backUp, files } = await openBackedUp();
    await backUp();
    const backups = createStoredBackups(files, "ledger");
    const link = must(await backups.readLink(1));
    expect(await backups.addLink(link)).toBe(true);
    expect(await backups.addLink({ ...link, exportId: "another" })).toBe(false);
    expect(account.posts()).toBe(0);
  });
});

/** A restore behind these records of the audit. */
const restoreBehind = (
  account: TradingAccount,
  files: BackupFiles,
  auditRecords: AuditRecords,
  takesPlace: boolean,
) =>
  createRestoreLedger({
    backups: createStoredBackups(files, "ledger"),
    target: createMemoryRestoreTarget({
      name: "ledger",
      isTrusted: false,
      commit: () => undefined,
    }),
    account: "main",
    region: REGION,
    digest: sha256,
    auditRecords,
    noteRestore: (heads, { asOfMs, epoch }) =>
      createRecordAudit({ ...account.deps, heads, digest: sha256 }).record({
        kind: "restore",
        actor: "operator",
        epoch,
        body: { asOfMs },
      }),
    takesPlace,
  })({ atMs: FAR_MS, epochFloor: 0, accepted: {} });

/** A restore beside one who still records in the lost ledger, so many times faster than it. */
const restoreBeside = async (faster: number, takesPlace: boolean) => {
  const { account, backUp, files } = await openBackedUp();
  const audit = auditOf(account);
  await audit.trail.record({ kind: "halt", actor: "ada", epoch: null, body: {} });
  await audit.keep();
  await backUp();
  let left = faster;
  const records: AuditRecords = {
    ...audit.records,
    keep: async (record) => {
      if (left > 0 && record.kind === "restore") {
        left -= 1;
        const other = { kind: "halt", actor: "zombie", epoch: null, body: { left } } as const;
        await audit.trail.record(other);
        await audit.keep();
      }
      return audit.records.keep(record);
    },
  };
  const restored = await restoreBehind(account, files, records, takesPlace);
  const kinds = (await audit.chain()).map(({ kind, actor }) => `${kind} by ${actor}`);
  return { restored, kinds, audit };
};

describe("the audit of a ledger that was restored", () => {
  it("has the restore locked behind whatever somebody else was faster with", async () => {
    const { restored, kinds, audit } = await restoreBeside(1, true);
    expect(restored.ok).toBe(true);
    expect(kinds.filter((kind) => !kind.startsWith("state"))).toEqual([
      "halt by ada",
      "halt by zombie",
      "restore by operator",
    ]);
    // Who still acts on the lost ledger has no place left in the chain.
    await audit.trail.record({ kind: "halt", actor: "zombie", epoch: null, body: {} });
    await runOnce(() => audit.keep());
    expect((await audit.chain()).at(-1)?.kind).toBe("restore");
  });

  it("goes on behind what only the other Region had locked, and has it here as well", async () => {
    const { account, backUp, files } = await openBackedUp();
    const audit = auditOf(account);
    await audit.trail.record({ kind: "halt", actor: "ada", epoch: null, body: {} });
    await audit.keep();
    await backUp();
    await audit.trail.record({ kind: "flatten", actor: "bob", epoch: null, body: {} });
    await audit.passive.keep();
    const [own, elsewhere] = audit.stores;
    const records = createStoredAuditRecords({ account: "main", own, elsewhere });
    expect((await restoreBehind(account, files, records, true)).ok).toBe(true);
    const here = createStoredAuditRecords({ account: "main", own });
    const verify = createVerifyAudit({
      records: here,
      digest: sha256,
      settings: { account: "main" },
    });
    expect((await verify(CHAIN_START, 100)).flaws).toEqual([]);
    const numbers = await here.numbersAfter(0);
    const reads = (await Promise.all(numbers.map((number) => here.read(number)))).flat();
    const kinds = reads.map((read) => (read.ok ? read.value.kind : "unreadable"));
    expect(kinds.slice(-2)).toEqual(["flatten", "restore"]);
  });

  it("is refused while somebody is always faster", async () => {
    const { restored } = await restoreBeside(9, true);
    expect(restored).toMatchObject({
      ok: false,
      error: {
        detail: expect.stringContaining("Somebody still acts on the lost ledger") as string,
      },
    });
  });

  it("is left alone by a restore that is only to be looked at", async () => {
    const { restored, kinds } = await restoreBeside(0, false);
    expect(restored.ok).toBe(true);
    expect(kinds.join()).not.toContain("restore");
  });
});
