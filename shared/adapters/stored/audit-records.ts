import type { z } from "zod";
import { recordText } from "../../domain/audit/audit-record.ts";
import {
  checkpointKey,
  checkpointPrefix,
  recordKey,
  recordPrefix,
  sequenceOfKey,
} from "../../domain/audit/checkpoint.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { AuditRecords } from "../../ports/audit-records.ts";
import type { LockedStore } from "../../ports/locked-store.ts";
import { AuditCheckpointCodec, AuditRecordCodec } from "./codecs/audit.ts";
import { textToDocument } from "./document.ts";

const KEYS_MAX = 1_000;
/** Checkpoints of a Region that are looked through: more than a year's of every hour. */
const PAGES_MAX = 10;

/** Where an account's records stand. */
export type AuditRecordsOptions = {
  readonly account: string;
  /** This Region's store. */
  readonly own: LockedStore;
  /** What the other Region's store was copied into; absent where there is one Region. */
  readonly copies?: Pick<LockedStore, "read" | "list"> | undefined;
  /** The other Region's own store, where it can be reached: what it locked last is copied later. */
  readonly elsewhere?: Pick<LockedStore, "read" | "list"> | undefined;
};

/** An account's audit records in locked stores, each in canonical JSON under its number. */
export const createStoredAuditRecords = ({
  account,
  own,
  copies,
  elsewhere,
}: AuditRecordsOptions): AuditRecords => {
  const stores = [own, copies, elsewhere].filter((store) => store !== undefined);
  return {
    keep: async (record) => {
      const body = recordText(record);
      const created = await own.create(recordKey(account, record.sequence), body);
      if (created.type === "created" || created.body === body) return { type: "kept" };
      const standing = parse(AuditRecordCodec, created.body);
      return { type: "taken", hash: standing.ok ? standing.value.hash : standing.error };
    },
    read: async (sequence) => {
      const key = recordKey(account, sequence);
      const texts = await Promise.all(stores.map((store) => store.read(key)));
      const found = new Set(texts.filter((text) => text !== undefined));
      return [...found].map((text) => parse(AuditRecordCodec, text));
    },
    numbersAfter: async (sequence) => {
      const after = recordKey(account, sequence);
      const lists = await Promise.all(
        stores.map((store) => store.list(recordPrefix(account), after, KEYS_MAX)),
      );
      const numbers = new Set(lists.flat().map(sequenceOfKey));
      return [...numbers].filter((number) => number !== undefined).toSorted((a, b) => a - b);
    },
    keepCheckpoint: async (checkpoint) => {
      const { region, sequence } = checkpoint;
      await own.create(checkpointKey(account, region, sequence), canonicalJson(checkpoint));
    },
    newestCheckpoint: async (region) => {
      const [key] = (await allKeys(own, `${checkpointPrefix(account)}${region}/`)).slice(-1);
      const text = key === undefined ? undefined : await own.read(key);
      const checkpoint = text === undefined ? undefined : parse(AuditCheckpointCodec, text);
      return checkpoint?.ok === true ? checkpoint.value : undefined;
    },
    checkpointsAfter: async (sequence) => {
      const texts = await Promise.all(
        stores.map(async (store) => {
          const keys = await keysAfter(store, account, sequence);
          return Promise.all(keys.map((key) => store.read(key)));
        }),
      );
      return [...new Set(texts.flat())]
        .filter((text) => text !== undefined)
        .map((text) => parse(AuditCheckpointCodec, text));
    },
  };
};

/** Regions come first in the keys, so that all of them are listed and the numbers looked at. */
const keysAfter = async (
  store: Pick<LockedStore, "list">,
  account: string,
  sequence: number,
): Promise<readonly string[]> =>
  (await allKeys(store, checkpointPrefix(account))).filter(
    (key) => (sequenceOfKey(key) ?? 0) > sequence,
  );

const allKeys = async (
  store: Pick<LockedStore, "list">,
  prefix: string,
): Promise<readonly string[]> => {
  const keys: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const listed = await store.list(prefix, after, KEYS_MAX);
    keys.push(...listed);
    after = listed.at(-1);
    if (listed.length < KEYS_MAX || after === undefined) break;
  }
  return keys;
};

/** Reads a document, or says that it is none without telling what it holds. */
const parse = <Value>(codec: z.ZodType<Value>, text: string): Result<Value, string> => {
  const parsed = codec.safeParse(textToDocument(text));
  if (parsed.success) return ok(parsed.data);
  const field = parsed.error.issues[0]?.path.join(".") ?? "";
  return err(`It is no document of the audit${field === "" ? "" : ` (${field})`}.`);
};
