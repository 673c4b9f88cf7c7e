import { createHash } from "node:crypto";
import * as z from "zod";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Item, ItemKey } from "./item-store.ts";

const Envelope = z.strictObject({
  schemaVersion: z.int().min(1),
  previous: z.string().nullable().optional(),
  digest: z.string(),
  body: z.unknown(),
});

/** A document under its seal. */
export type SealedDocument = {
  readonly schemaVersion: number;
  /** The digest of the item that stood before this one, null for the first; absent: no chain. */
  readonly previous?: string | null;
  readonly digest: string;
  readonly body: unknown;
};

/**
 * Wraps what must not change unnoticed: the digest covers the body's canonical JSON, its schema's
 * number, the digest of what stands before it and the key it belongs to, so that neither a changed
 * byte nor a misplaced item passes.
 */
export const sealDocument = (
  key: ItemKey,
  body: unknown,
  schemaVersion: number,
  previous?: string | null,
): SealedDocument => {
  const unsealed = { schemaVersion, ...(previous === undefined ? {} : { previous }), body };
  const sealed = { ...unsealed, digest: digestOf(key, unsealed) };
  SEALED_HERE.set(sealed, key);
  return sealed;
};

/** What was sealed here, and under which key: while it is the very object its digest is right. */
const SEALED_HERE = new WeakMap<object, ItemKey>();

const isSealedHere = ({ partition, sort, document }: Item): boolean => {
  if (typeof document !== "object" || document === null) return false;
  const key = SEALED_HERE.get(document);
  return key?.partition === partition && key.sort === sort;
};

/** How a kind of document is read: its codec, and what brings older schemas to the newest. */
export type DocumentKind<Body> = {
  /** The newest; what is written carries it. */
  readonly schemaVersion: number;
  readonly codec: z.ZodType<Body>;
  /**
   * Takes a body of schema `from` to the next; what it does not understand it leaves to the codec.
   */
  readonly migrations: Readonly<Record<number, (body: unknown) => unknown>>;
};

/** What a sealed item held, and its place in a chain. */
export type OpenedItem<Body> = Omit<SealedDocument, "body"> & { readonly body: Body };

/**
 * Unwraps and reads a sealed item, or says in words what does not hold. The checksum is of what was
 * stored; only then an older schema is brought to the newest. A newer one than ours is refused.
 */
export const openSealedItem = <Body>(
  item: Item,
  kind: DocumentKind<Body>,
): Result<OpenedItem<Body>, string> => {
  const known = openedBefore(item, kind);
  if (known !== undefined) return known;
  const result = open(item, kind);
  if (result.ok) remember(item, kind, result);
  return result;
};

const open = <Body>(item: Item, kind: DocumentKind<Body>): Result<OpenedItem<Body>, string> => {
  const envelope = Envelope.safeParse(item.document);
  if (!envelope.success) return err(`The envelope does not hold: ${problemOf(envelope.error)}.`);
  const { schemaVersion, previous, digest } = envelope.data;
  if (schemaVersion > kind.schemaVersion) return err("The schema is newer than this Holdfast.");
  if (!isSealedHere(item) && digest !== digestOf(item, envelope.data)) {
    return err("The checksum does not match the content.");
  }
  let migrated = envelope.data.body;
  for (let version = schemaVersion; version < kind.schemaVersion; version++) {
    migrated = kind.migrations[version]?.(migrated) ?? migrated;
  }
  const body = kind.codec.safeParse(migrated);
  if (!body.success) return err(`The content does not hold: ${problemOf(body.error)}.`);
  const link = previous === undefined ? {} : { previous };
  return ok({ schemaVersion, ...link, digest, body: body.data });
};

/** What was opened, by the document itself, and where and as what it was read. */
type Opening = {
  readonly partition: string;
  readonly sort: string;
  readonly kind: DocumentKind<unknown>;
  readonly result: Result<OpenedItem<unknown>, string>;
};

/**
 * Documents are never changed, so that the very object that held once, under the same key and as
 * the same kind, holds again. A database gives back another object with every read, and each is
 * opened; memory gives back the same one, and what is damaged in it is another object.
 */
const OPENINGS = new WeakMap<object, Opening>();

const openedBefore = <Body>(
  { partition, sort, document }: Item,
  kind: DocumentKind<Body>,
): Result<OpenedItem<Body>, string> | undefined => {
  if (typeof document !== "object" || document === null) return undefined;
  const opening = OPENINGS.get(document);
  if (opening?.kind !== kind) return undefined;
  if (opening.partition !== partition || opening.sort !== sort) return undefined;
  // It is of the kind that this codec has read.
  return opening.result as Result<OpenedItem<Body>, string>;
};

const remember = <Body>(
  { partition, sort, document }: Item,
  kind: DocumentKind<Body>,
  result: Result<OpenedItem<Body>, string>,
): void => {
  // Only an object can be an envelope that holds.
  OPENINGS.set(document as object, { partition, sort, kind, result });
};

/** Whether an item is whole, and only its schema is newer than this code: nothing is damaged. */
export const isOfNewerSchema = (item: Item, schemaVersion: number): boolean => {
  const envelope = Envelope.safeParse(item.document);
  return (
    envelope.success &&
    envelope.data.schemaVersion > schemaVersion &&
    envelope.data.digest === digestOf(item, envelope.data)
  );
};

/** Schema 1 left its own number out of the digest; only chained items name what stood before. */
const digestOf = (
  { partition, sort }: ItemKey,
  { schemaVersion, previous, body }: z.infer<typeof Envelope> | Omit<SealedDocument, "digest">,
): string => {
  const number = schemaVersion === 1 ? [] : [schemaVersion];
  const link = previous === undefined ? [] : [previous];
  const sealed = [partition, sort, ...number, ...link, body];
  return createHash("sha256").update(canonicalJson(sealed)).digest("hex");
};

/** Names the first bad field, never its value. */
const problemOf = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? "unreadable" : `${issue.path.join(".") || "content"} ${issue.code}`;
};
