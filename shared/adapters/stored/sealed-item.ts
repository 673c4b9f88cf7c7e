import { createHash } from "node:crypto";
import * as z from "zod";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Item, ItemKey } from "./item-store.ts";

const SCHEMA_VERSION = 3;

const Envelope = z.strictObject({
  schemaVersion: z.int().min(1).max(SCHEMA_VERSION),
  digest: z.string(),
  body: z.unknown(),
});

/**
 * Wraps what must not change unnoticed: the digest covers the body's canonical JSON, its schema's
 * number and the key it belongs to, so that neither a changed byte nor a misplaced item passes.
 */
export const sealDocument = (
  key: ItemKey,
  body: unknown,
  schemaVersion: number = SCHEMA_VERSION,
): unknown => ({ schemaVersion, digest: digestOf(key, schemaVersion, body), body });

/** How a kind of document is read: its codec, and what brings older schemas to the newest. */
export type DocumentKind<Body> = {
  readonly codec: z.ZodType<Body>;
  /** Takes a body of schema `from` to the next; what it does not understand it leaves to the codec. */
  readonly migrations: Readonly<Record<number, (body: unknown) => unknown>>;
};

/**
 * Unwraps and reads a sealed item, or says in words what does not hold. The checksum is of what was
 * stored; only then an older schema is brought to the newest. A newer one than ours is refused.
 */
export const openSealedItem = <Body>(
  item: Item,
  kind: DocumentKind<Body>,
): Result<Body, string> => {
  const envelope = Envelope.safeParse(item.document);
  if (!envelope.success) return err(`The envelope does not hold: ${problemOf(envelope.error)}.`);
  if (envelope.data.digest !== digestOf(item, envelope.data.schemaVersion, envelope.data.body)) {
    return err("The checksum does not match the content.");
  }
  let migrated = envelope.data.body;
  for (let version = envelope.data.schemaVersion; version < SCHEMA_VERSION; version++) {
    migrated = kind.migrations[version]?.(migrated) ?? migrated;
  }
  const body = kind.codec.safeParse(migrated);
  return body.success ? ok(body.data) : err(`The content does not hold: ${problemOf(body.error)}.`);
};

/** Whether an item is whole, and only its schema is newer than this code: nothing is damaged. */
export const isOfNewerSchema = (item: Item): boolean => {
  const newer = Envelope.extend({ schemaVersion: z.int().min(SCHEMA_VERSION + 1) });
  const envelope = newer.safeParse(item.document);
  if (!envelope.success) return false;
  const { schemaVersion, digest, body } = envelope.data;
  return digest === digestOf(item, schemaVersion, body);
};

/** Schema 1 left its own number out of the digest. */
const digestOf = (key: ItemKey, schemaVersion: number, body: unknown): string => {
  const place = [key.partition, key.sort];
  const sealed = schemaVersion === 1 ? [...place, body] : [...place, schemaVersion, body];
  return createHash("sha256").update(canonicalJson(sealed)).digest("hex");
};

/** Names the first bad field, never its value. */
const problemOf = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? "unreadable" : `${issue.path.join(".") || "content"} ${issue.code}`;
};
