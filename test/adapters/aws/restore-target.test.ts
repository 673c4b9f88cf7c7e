import { afterAll, describe, expect, it } from "vitest";
import { createBackOff } from "../../../shared/adapters/aws/back-off.ts";
import { createDynamoClient } from "../../../shared/adapters/aws/clients.ts";
import { createDynamoRestoreTarget } from "../../../shared/adapters/aws/restore-target.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { createRecordedItems } from "../../../shared/adapters/backup/recorded-items.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import type { TableChange } from "../../../shared/domain/backup/table-item.ts";
import { cellOf } from "../../fixtures/orders.ts";
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
