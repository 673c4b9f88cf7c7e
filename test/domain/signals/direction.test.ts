import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignmentOf } from "../../../shared/domain/signals/direction.ts";
import { directions } from "./arbitraries.ts";

describe("alignment", () => {
  it("is the same from either side, and neither with anything neutral", () => {
    fc.assert(
      fc.property(directions, directions, (evidence, flow) => {
        const alignment = alignmentOf(evidence, flow);
        expect(alignmentOf(flow, evidence)).toBe(alignment);
        expect(alignment === "neither").toBe(evidence === "neutral" || flow === "neutral");
        if (alignment !== "neither") expect(alignment === "aligned").toBe(evidence === flow);
      }),
    );
  });
});
