import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { FlowEvidenceCodec } from "../../../shared/adapters/stored/codecs/flow-evidence.ts";
import { flowArbitrary } from "../../contracts/arbitraries.ts";

const evidence = flowArbitrary(parseTicker("SPY")!);

describe("flow as it is stored", () => {
  it("is read as it was written, and as it was written before the daily part stood apart", () => {
    fc.assert(
      fc.property(evidence, (written) => {
        const { daily, ...rest } = written;
        for (const form of [written, { ...rest, ...daily }]) {
          const stored: unknown = JSON.parse(JSON.stringify(form));
          expect(FlowEvidenceCodec.parse(stored)).toEqual(written);
        }
      }),
    );
  });

  it("is damaged, and not without anything daily, where that part cannot be read", () => {
    for (const daily of [null, 7, { ivRank: { rank: "high", observedAtMs: 0 } }]) {
      expect(FlowEvidenceCodec.safeParse({ symbol: "SPY", daily }).success).toBe(false);
    }
  });
});
