import * as fc from "fast-check";
import type { HttpClient, HttpOutcome } from "../../shared/adapters/http/http-client.ts";

/** The text of `sample` with one to four places deleted or replaced by what should not be there. */
export const mutatedJson = (sample: unknown): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 19 }))
    .map(([mutations, tear]) => {
      let value: unknown = structuredClone(sample);
      for (const change of mutations) value = mutate(value, change);
      const text = JSON.stringify(value) ?? "";
      return tear === 0 ? text.slice(0, Math.floor(text.length / 2)) : text;
    });

/** A client without a network: every request gets the outcome that `respond` gives. */
export const memoryHttp = (respond: (url: string) => HttpOutcome): HttpClient => ({
  send: (request) => Promise.resolve(respond(request.url)),
  close: () => undefined,
});

/** An answer of status 200 with this body. */
export const answerWith = (body: string, status = 200): HttpOutcome => ({
  type: "answer",
  status,
  headers: {},
  body,
});

/** Whether every number within is finite. */
export const hasOnlyFiniteNumbers = (value: unknown): boolean => {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(hasOnlyFiniteNumbers);
};

type Mutation = { readonly seed: number; readonly junk: unknown; readonly isDeletion: boolean };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  seed: fc.nat(),
  isDeletion: fc.boolean(),
  junk: fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      "",
      "NaN",
      "-1",
      "1e999",
      "Infinity",
      "12.3456789012345678901234567890",
      "99999999999999999999",
      0,
      -1,
      1e308,
      0.1,
      9007199254740993n.toString(),
      [],
      {},
      "2013-02-30T00:00:00Z",
      "2026-01-02T03:04:05.123456789Z",
    ),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
});

/** Goes down a path that the seed chooses and changes what is there. */
const mutate = (value: unknown, { seed, junk, isDeletion }: Mutation): unknown => {
  if (typeof value !== "object" || value === null) return junk;
  const keys = Object.keys(value);
  if (keys.length === 0 || seed % 7 === 0) return junk;
  const key = keys[seed % keys.length]!;
  const child: unknown = Reflect.get(value, key);
  const isLeaf = typeof child !== "object" || child === null;
  const changed = isLeaf ? junk : mutate(child, { seed: Math.floor(seed / 3), junk, isDeletion });
  if (Array.isArray(value)) {
    return value.map((element: unknown, index) => (String(index) === key ? changed : element));
  }
  const copy: Record<string, unknown> = { ...value };
  if (isLeaf && isDeletion) delete copy[key];
  else copy[key] = changed;
  return copy;
};
