import { createHash } from "node:crypto";
import * as z from "zod";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Item, ItemKey } from "./item-store.ts";

const SCHEMA_VERSION = 1;

const Envelope = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  digest: z.string(),
  body: z.unknown(),
});

/**
 * Wraps what must not change unnoticed: the digest covers the body's canonical JSON and the key it
 * belongs to, so that neither a changed byte nor a misplaced item passes.
 */
export const sealDocument = (key: ItemKey, body: unknown): unknown => ({
  schemaVersion: SCHEMA_VERSION,
  digest: digestOf(key, body),
  body,
});

/** Unwraps and reads a sealed item, or says in words what does not hold. */
export const openSealedItem = <Body>(item: Item, codec: z.ZodType<Body>): Result<Body, string> => {
  const envelope = Envelope.safeParse(item.document);
  if (!envelope.success) return err(`The envelope does not hold: ${problemOf(envelope.error)}.`);
  if (envelope.data.digest !== digestOf(item, envelope.data.body)) {
    return err("The checksum does not match the content.");
  }
  const body = codec.safeParse(envelope.data.body);
  return body.success ? ok(body.data) : err(`The content does not hold: ${problemOf(body.error)}.`);
};

const digestOf = (key: ItemKey, body: unknown): string =>
  createHash("sha256")
    .update(canonicalJson([key.partition, key.sort, body]))
    .digest("hex");

/** Names the first bad field, never its value. */
const problemOf = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? "unreadable" : `${issue.path.join(".") || "content"} ${issue.code}`;
};
