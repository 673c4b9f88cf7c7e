import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { documentToText, textToDocument } from "../stored/document.ts";
import type { Item, ItemKey, RawItem } from "../stored/item-store.ts";

/** An item as DynamoDB has it. */
export type Attributes = Record<string, AttributeValue>;

/**
 * The attributes of both tables: keys, the document as JSON text, what conditions compare, and the
 * end of life in epoch seconds, as DynamoDB's expiry wants it.
 */
export const ATTRIBUTE = {
  partition: "partition",
  sort: "sort",
  document: "document",
  version: "version",
  epoch: "epoch",
  expiresAt: "expiresAt",
} as const;

/** Counters are attributes of their own, so that DynamoDB itself can add to them. */
export const COUNTER_PREFIX = "count.";

/** Writes a key. */
export const keyToAttributes = (key: ItemKey): Attributes => ({
  [ATTRIBUTE.partition]: { S: key.partition },
  [ATTRIBUTE.sort]: { S: key.sort },
});

/** Writes an item; throws `TerminalError` when its document is too large. */
export const itemToAttributes = (item: Item): Attributes => ({
  ...keyToAttributes(item),
  [ATTRIBUTE.document]: { S: documentToText(item, item.document) },
  ...(item.revision === undefined
    ? {}
    : {
        [ATTRIBUTE.version]: { N: item.revision.version.toString() },
        [ATTRIBUTE.epoch]: { N: item.revision.epoch.toString() },
      }),
  ...(item.expiresAtMs === undefined
    ? {}
    : { [ATTRIBUTE.expiresAt]: { N: expiryOf(item.expiresAtMs) } }),
});

/** The moment after which DynamoDB may drop an item, in epoch seconds. */
export const expiryOf = (expiresAtMs: number): string => Math.ceil(expiresAtMs / 1_000).toString();

/** Reads an item; a damaged document is `undefined`, which no codec accepts. */
export const attributesToItem = (attributes: Attributes): Item => {
  const version = readNumber(attributes, ATTRIBUTE.version);
  const epoch = readNumber(attributes, ATTRIBUTE.epoch);
  const expiresAt = readNumber(attributes, ATTRIBUTE.expiresAt);
  const text = attributes[ATTRIBUTE.document]?.S;
  return {
    partition: attributes[ATTRIBUTE.partition]?.S ?? "",
    sort: attributes[ATTRIBUTE.sort]?.S ?? "",
    document: text === undefined ? countersOf(attributes) : textToDocument(text),
    ...(version === undefined || epoch === undefined ? {} : { revision: { version, epoch } }),
    ...(expiresAt === undefined ? {} : { expiresAtMs: expiresAt * 1_000 }),
  };
};

/** The item as it is stored, also where it cannot be read. */
export const attributesToRaw = (attributes: Attributes): RawItem => ({
  text: attributes[ATTRIBUTE.document]?.S ?? null,
  version: readNumber(attributes, ATTRIBUTE.version) ?? null,
  epoch: readNumber(attributes, ATTRIBUTE.epoch) ?? null,
});

const readNumber = (attributes: Attributes, name: string): number | undefined => {
  const text = attributes[name]?.N;
  return text === undefined ? undefined : Number(text);
};

const countersOf = (attributes: Attributes): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => name.startsWith(COUNTER_PREFIX))
      .map(([name, value]) => [name.slice(COUNTER_PREFIX.length), Number(value.N)]),
  );
