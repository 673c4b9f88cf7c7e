import { assert } from "./assert.ts";

/**
 * Writes a JSON value in its one canonical form: keys sorted, no spaces, `undefined` fields left
 * out. Equal values give equal text, so that a digest of it names the value.
 */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "number") {
      assert(Number.isFinite(inner), "Canonical JSON holds finite numbers only.");
      return inner;
    }
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
