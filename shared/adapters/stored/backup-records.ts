import * as z from "zod";
import type { BackupRecords, RestoreTestRecord } from "../../ports/backup-records.ts";
import type { ItemStore } from "./item-store.ts";

const RecordCodec: z.ZodType<RestoreTestRecord> = z.strictObject({
  testedAtMs: z.number(),
  succeededAtMs: z.number().nullable(),
  detail: z.string(),
  accepted: z.record(z.string(), z.int()),
});

const FirstLookCodec = z.strictObject({ atMs: z.number() });

/** The record of restore tests on an item store; what cannot be read is as if none had been. */
export const createStoredBackupRecords = (
  store: ItemStore,
  { region }: { readonly region: string },
): BackupRecords => {
  const key = { partition: `backups#${region}`, sort: "restore-test" };
  const firstLookKey = { ...key, sort: "first-look" };
  return {
    firstLook: async (nowMs) => {
      const item = await store.get(firstLookKey);
      const known = FirstLookCodec.safeParse(item?.document).data;
      if (known !== undefined) return known.atMs;
      await store.put({ ...firstLookKey, document: { atMs: nowMs } }, { type: "none" });
      return nowMs;
    },
    load: async () => {
      const item = await store.get(key);
      return item === undefined ? undefined : RecordCodec.safeParse(item.document).data;
    },
    save: async (record) => {
      await store.put({ ...key, document: record }, { type: "none" });
    },
  };
};
