import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import {
  FlowEvidenceCodec,
  toStoredFlow,
} from "../../../shared/adapters/stored/codecs/flow-evidence.ts";
import { flowArbitrary } from "../../contracts/arbitraries.ts";

const evidence = flowArbitrary(parseTicker("SPY")!);

describe("flow as it is stored", () => {
  it("is read as it was written, and has its daily part beside all else", () => {
    fc.assert(
      fc.property(evidence, (written) => {
        const stored: unknown = JSON.parse(JSON.stringify(toStoredFlow(written)));
        expect(FlowEvidenceCodec.parse(stored)).toEqual(written);
        const { daily, ...rest } = written;
        const names = [...Object.keys(daily), ...Object.keys(rest)];
        expect(Object.keys(toStoredFlow(written)).toSorted()).toEqual(names.toSorted());
      }),
    );
  });

  it("is read as if the market's tide, once stored with each symbol, were not there", () => {
    fc.assert(
      fc.property(evidence, fc.jsonValue(), (written, marketTide) => {
        const stored: unknown = JSON.parse(
          JSON.stringify({ ...toStoredFlow(written), marketTide }),
        );
        expect(FlowEvidenceCodec.parse(stored)).toEqual(written);
      }),
    );
  });

  it("is damaged, and not without anything daily, where a part of that cannot be read", () => {
    for (const ivRank of [null, 7, { rank: "high", observedAtMs: 0 }]) {
      expect(FlowEvidenceCodec.safeParse({ symbol: "SPY", ivRank }).success).toBe(false);
    }
    expect(FlowEvidenceCodec.safeParse({ symbol: "SPY" }).success).toBe(true);
  });
});
