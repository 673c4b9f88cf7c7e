import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addFunnels,
  EMPTY_FUNNEL,
  FUNNEL_STAGES,
  stoppedAt,
  type FunnelCounts,
} from "../../../shared/domain/funnel/funnel.ts";

const count = fc.integer({ min: 0, max: 1_000_000 });
const anyFunnel: fc.Arbitrary<FunnelCounts> = fc.record({
  passed: fc.dictionary(fc.constantFrom(...FUNNEL_STAGES), count),
  stopped: fc.dictionary(fc.constantFrom("valid.stale", "gated.toxic", "valid.crossed"), count),
});

describe("the funnel", () => {
  it("adds up the same in any order, and nothing changes it by nothing", () => {
    fc.assert(
      fc.property(anyFunnel, anyFunnel, anyFunnel, (first, second, third) => {
        expect(addFunnels(first, second)).toEqual(addFunnels(second, first));
        expect(addFunnels(addFunnels(first, second), third)).toEqual(
          addFunnels(first, addFunnels(second, third)),
        );
        expect(addFunnels(first, EMPTY_FUNNEL)).toEqual(first);
      }),
    );
  });

  it("names a stop by its stage and reason", () => {
    expect(stoppedAt("valid", "staleQuote")).toBe("valid.staleQuote");
  });
});
