import { assert } from "../../domain/assert.ts";
import { type AuditHead, lastOf } from "../../domain/audit/audit-head.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { AuditHeads } from "../../ports/audit-heads.ts";
import type { LedgerCorrupt } from "../../ports/ledger.ts";
import { AuditHeadCodec } from "./codecs/audit.ts";
import type { Item, ItemKey, ItemStore } from "./item-store.ts";
import { type DocumentKind, openSealedItem, sealDocument } from "./sealed-item.ts";
import { unlessUnavailable } from "./unless-unavailable.ts";

const HEAD: DocumentKind<AuditHead> = { schemaVersion: 1, codec: AuditHeadCodec, migrations: {} };

/**
 * Heads of audit chains on an item store with strong reads. The version and the epoch of the last
 * record are what conditions compare.
 */
export const createStoredAuditHeads = (store: ItemStore): AuditHeads => ({
  load: (account) =>
    unlessUnavailable(async () => {
      const item = await store.get(keyOf(account));
      if (item !== undefined) return readHead(store, item);
      // What has no readable document is there and damaged, not absent.
      const raw = await store.getRaw(keyOf(account));
      return raw === undefined ? ok(undefined) : corrupt(keyOf(account), "It holds no document.");
    }),
  save: (next, before) =>
    unlessUnavailable(async () => {
      assert(next.version === (before?.version ?? 0) + 1, "A head's version rises by one.");
      const stored = await store.put(
        headItem(store, next),
        before === undefined
          ? { type: "absent" }
          : { type: "revisionIs", revision: revisionOf(before) },
      );
      if (stored.ok) return stored;
      const { current } = stored.error;
      if (current === undefined) return err({ type: "HeadMoved", current });
      const head = readHead(store, current);
      return head.ok ? err({ type: "HeadMoved", current: head.value }) : head;
    }),
  replace: (next) =>
    unlessUnavailable(async () => {
      await store.put(headItem(store, next), { type: "none" });
      return ok(undefined);
    }),
});

const keyOf = (account: string): ItemKey => ({ partition: `audit#${account}`, sort: "head" });

const revisionOf = (head: AuditHead) => ({ version: head.version, epoch: lastOf(head).epoch });

const headItem = (store: ItemStore, head: AuditHead): Item => {
  const key = keyOf(head.account);
  const document = store.isTrusted ? head : sealDocument(key, head, HEAD.schemaVersion);
  return { ...key, document, revision: revisionOf(head) };
};

const readHead = (store: ItemStore, item: Item): Result<AuditHead, LedgerCorrupt> => {
  // What a trusted store holds is the very object that was put there, so its type still holds.
  if (store.isTrusted) return ok(item.document as AuditHead);
  const opened = openSealedItem(item, HEAD);
  if (!opened.ok) return corrupt(item, opened.error);
  const head = opened.value.body;
  const { version, epoch } = revisionOf(head);
  // The store compares the attributes, we trust the content: they must say the same.
  return item.revision?.version === version && item.revision.epoch === epoch
    ? ok(head)
    : corrupt(item, "The content's version or epoch is not the one it is stored under.");
};

const corrupt = (key: ItemKey, detail: string): Result<never, LedgerCorrupt> =>
  err({ type: "LedgerCorrupt", key: `${key.partition}/${key.sort}`, detail });
