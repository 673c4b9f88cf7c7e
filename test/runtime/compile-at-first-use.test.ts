import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderIntentCodec } from "../../shared/adapters/stored/codecs/order-intent.ts";
import { compileAtFirstUse } from "../../shared/runtime/compile-at-first-use.ts";
import { intentOf } from "../fixtures/orders.ts";

const compiled = compileAtFirstUse(OrderIntentCodec);

const score = {
  direction: "bullish",
  conviction: 0.25,
  freshness: 0.5,
  components: [{ name: "options_flow", value: 1.5 }],
  missing: ["iv_rank"],
} as const;
const quote = { source: "alpaca", bid: 1_000_000, ask: 1_000_200, exchangeTimeMs: 1.5 } as const;

/** An intent as JSON has it, with every field that one may have. */
const whole: Readonly<Record<string, unknown>> = JSON.parse(
  JSON.stringify({ ...intentOf(), basis: { quote, score } }),
) as Readonly<Record<string, unknown>>;

/** The intent with this value at a place of it, or in place of it. */
const spoilt = ([name, inner]: readonly string[], value: unknown): unknown => {
  if (name === undefined) return value;
  const inside = inner === undefined ? value : { ...(whole[name] as object), [inner]: value };
  return { ...whole, [name]: inside };
};

const aPath = fc.oneof(
  fc.constantFrom(...Object.keys(whole)).map((name) => [name]),
  fc
    .constantFrom("basis", "protection", "pricing", "symbol")
    .chain((name) =>
      fc
        .constantFrom("quote", "score", "type", "limitPrice", "other")
        .map((inner) => [name, inner]),
    ),
  fc.constantFrom([], ["unheardOf"], ["__proto__"]),
);

describe("a schema that is compiled at its first use", () => {
  it("reads and refuses an order intent as the schema does, in the same words", () => {
    expect(compiled.safeParse(whole)).toEqual({ success: true, data: whole });
    fc.assert(
      fc.property(aPath, fc.jsonValue(), (path, value) => {
        const given = spoilt(path, value);
        const expected = OrderIntentCodec.safeParse(given);
        const found = compiled.safeParse(given);
        expect(found.success).toBe(expected.success);
        expect(found.data).toEqual(expected.data);
        expect(found.error?.issues).toEqual(expected.error?.issues);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the fields in the same order, which what is written of them keeps", () => {
    expect(JSON.stringify(compiled.safeParse(whole).data)).toBe(
      JSON.stringify(OrderIntentCodec.safeParse(whole).data),
    );
  });
});
