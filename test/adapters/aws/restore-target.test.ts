import { afterAll, describe, expect, it } from "vitest";
import { createBackOff } from "../../../shared/adapters/aws/back-off.ts";
import { createDynamoClient } from "../../../shared/adapters/aws/clients.ts";
import { createDynamoRestoreTarget } from "../../../shared/adapters/aws/restore-target.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { createRecordedItems } from "../../../shared/adapters/backup/recorded-items.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import type { TableChange } from "../../../shared/domain/backup/table-item.ts";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import { OWN_STORE_POLICY } from "../../../shared/domain/backup/plan-backup.ts";
import { EPOCH_LEAP } from "../../../shared/domain/backup/restored-cell.ts";
import { createOwnExports } from "../../../shared/adapters/backup/own-exports.ts";
import { createStoredBackups } from "../../../shared/adapters/backup/stored-backups.ts";
import { createDynamoItemStore } from "../../../shared/adapters/aws/item-store.ts";
import { sha256 } from "../../../shared/adapters/host/digest.ts";
import { createMemoryBackupFiles } from "../../../shared/adapters/memory/backup-files.ts";
import { createBackUp } from "../../../shared/use-cases/back-up.ts";
import { createRestoreLedger } from "../../../shared/use-cases/restore-ledger.ts";
import { cellOf, intentOf, REGION } from "../../fixtures/orders.ts";
import { openAccount } from "../../use-cases/trading-account.ts";
import { startDynalite } from "./dynalite.ts";

const client = createDynamoClient(await startDynalite("live"));
afterAll(() => client.destroy());
const backOff = createBackOff(createSeededRandom(1));
const targetOf = (name: string) => createDynamoRestoreTarget({ client, name, backOff });

/** A cell, sealed as it lies on disk, and enough other items for several batches. */
const changes = async (): Promise<readonly TableChange[]> => {
  const clock = { nowMs: () => 1 };
  const recorded = createRecordedItems({ ...createMemoryItemStore(), isTrusted: false }, clock);
  const cell = { ...cellOf(), version: 1 };
  await createStoredLedger(recorded.store).saveCell(cell, { version: 0, epoch: 0 });
  const written = (await recorded.source.read(0, 10_000)) ?? [];
  const others = Array.from({ length: 60 }, (_, index): TableChange => ({
    type: "put",
    item: {
      partition: { S: "orders#main#20260310" },
      sort: { S: `${index}` },
      document: { S: "x" },
    },
  }));
  return [...written.map(({ item }): TableChange => ({ type: "put", item })), ...others];
};

describe("a table of DynamoDB that a restore makes", () => {
  it("holds what was applied, the last word of each key, and is gone when discarded", async () => {
    const target = targetOf("holdfast-restored-1");
    expect(await target.create()).toEqual({ ok: true, value: undefined });
    const all = await changes();
    const [first] = all;
    await target.apply(all);
    const gone = { partition: { S: "orders#main#20260310" }, sort: { S: "7" } };
    await target.apply([{ type: "delete", key: gone }, ...(first === undefined ? [] : [first])]);
    const { ledger } = await target.open();
    expect(await ledger.loadCell("main")).toMatchObject({ ok: true, value: { account: "main" } });
    await target.discard();
    await target.discard();
    expect(await ledger.loadCell("main")).toMatchObject({ ok: false });
  });

  it("is refused where one of that name exists, and where the name could be a live one's", async () => {
    const target = targetOf("holdfast-restored-2");
    await target.create();
    expect(await target.create()).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining("exists") as string },
    });
    const live = targetOf("live");
    expect(await live.create()).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining("must be named") as string },
    });
    await expect(live.apply(await changes())).rejects.toThrow("no table that a restore may touch");
    await expect(live.discard()).rejects.toThrow("no table that a restore may touch");
  });
});

/** A client that dies with its `count`-th command, before or after it took effect. */
const mortalClient = (count: number, isAfter: boolean) => {
  let sent = 0;
  const sendOn = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  const send = async (command: unknown): Promise<unknown> => {
    sent += 1;
    if (sent > count || (sent === count && !isAfter)) throw new Error("Killed.");
    const answer: unknown = await sendOn(command);
    if (sent === count) throw new Error("Killed.");
    return answer;
  };
  return new Proxy(client, {
    get: (target, name): unknown => (name === "send" ? send : Reflect.get(target, name)),
  });
};

/** An account that traded, and was backed up in full and once more. */
const openBackedUp = async () => {
  const cell = cellOf();
  const account = await openAccount({ ...cell, limitsDigest: sha256(canonicalJson(cell.limits)) });
  const { clock } = account.deps;
  const files = createMemoryBackupFiles();
  const backups = createStoredBackups(files, "ledger");
  const exports = createOwnExports({ source: account.source, files, clock, table: "ledger" });
  const backUp = createBackUp({
    backups,
    exports,
    clock,
    policy: OWN_STORE_POLICY,
    digest: sha256,
  });
  account.advance(1);
  await backUp({ isAsked: true });
  account.plan("acceptAndFill");
  await account.execute(intentOf(), { remainingMs: () => 30_000 });
  account.advance(1);
  await backUp({ isAsked: true });
  return backups;
};

const atOnce = async (): Promise<void> => undefined;

describe("a restore that is killed", () => {
  const KILLS_MAX = 60;

  it("leaves no cell behind at any command, and the fenced one alone once it is whole", async () => {
    const backups = await openBackedUp();
    const fencedEpoch = cellOf().epoch + EPOCH_LEAP;
    let isWhole = false;
    for (let kill = 2; kill < KILLS_MAX && !isWhole; kill++) {
      for (const isAfter of [false, true]) {
        const name = `holdfast-restored-kill-${kill}-${isAfter}`;
        const mortal = mortalClient(kill, isAfter);
        const target = createDynamoRestoreTarget({ client: mortal, name, backOff: atOnce });
        const deps = { backups, target, account: "main", region: REGION, digest: sha256 };
        const wish = { atMs: 4e12, epochFloor: 0, accepted: {} };
        const ended = await createRestoreLedger(deps)(wish).catch(() => undefined);
        isWhole = ended?.ok === true;
        const store = createDynamoItemStore({ client, table: name, reads: "strong", backOff });
        const left = await store.getRaw({ partition: "cell#main", sort: "cell" }).catch(() => {});
        expect(left?.epoch ?? fencedEpoch).toBe(fencedEpoch);
        if (isWhole) expect(left).toBeDefined();
      }
    }
    expect(isWhole).toBe(true);
  });
});
