import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import { openSealedItem, sealDocument } from "../../../shared/adapters/stored/sealed-item.ts";

const KEY = { partition: "cell#main", sort: "cell" };
const ANYTHING = { schemaVersion: 3, codec: z.unknown(), migrations: {} };
const NOTHING = { schemaVersion: 3, codec: z.never(), migrations: {} };

const opened = fc.jsonValue().map((body) => {
  const item = { ...KEY, document: sealDocument(KEY, body, 3) };
  expect(openSealedItem(item, ANYTHING)).toMatchObject({ ok: true });
  return item;
});

describe("a sealed item that was opened before", () => {
  it("says the same again", () => {
    fc.assert(
      fc.property(opened, (item) => {
        const again = openSealedItem({ ...item }, ANYTHING);
        expect(again).toEqual(openSealedItem(structuredClone(item), ANYTHING));
      }),
    );
  });

  it("is not believed once it is another object that tells something else", () => {
    fc.assert(
      fc.property(opened, fc.jsonValue(), (item, body) => {
        fc.pre(canonicalJson(body) !== canonicalJson(item.document.body));
        const changed = { ...item, document: { ...item.document, body } };
        expect(openSealedItem(changed, ANYTHING).ok).toBe(false);
        const forged = { ...item, document: { ...item.document, digest: "damaged" } };
        expect(openSealedItem(forged, ANYTHING).ok).toBe(false);
      }),
    );
  });

  it("does not hold under another key, nor as another kind of document", () => {
    fc.assert(
      fc.property(opened, (item) => {
        expect(openSealedItem({ ...item, sort: "other" }, ANYTHING).ok).toBe(false);
        expect(openSealedItem({ ...item, partition: "cell#other" }, ANYTHING).ok).toBe(false);
        expect(openSealedItem(item, NOTHING).ok).toBe(false);
      }),
    );
  });
});
