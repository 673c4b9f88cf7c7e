import { TerminalError } from "../../domain/fault.ts";
import type { ItemKey } from "./item-store.ts";

/** Well below the 400 KB at which DynamoDB refuses an item, with room for keys and attributes. */
const DOCUMENT_BYTES_MAX = 350_000;

/** Writes a document as JSON text; throws `TerminalError` when it is larger than 350,000 bytes. */
export const documentToText = (key: ItemKey, document: unknown): string => {
  const text = JSON.stringify(document);
  const bytes = Buffer.byteLength(text);
  if (bytes > DOCUMENT_BYTES_MAX) {
    throw new TerminalError(
      `The item ${key.partition}/${key.sort} would hold ${bytes} bytes, more than the ` +
        `${DOCUMENT_BYTES_MAX} that an item may hold. Nothing was stored.`,
    );
  }
  return text;
};

/** Reads a document from text; text that is not JSON is `undefined`, which no codec accepts. */
export const textToDocument = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
