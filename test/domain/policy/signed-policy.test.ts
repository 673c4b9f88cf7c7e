import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { judgePolicy, sealedTextOf } from "../../../shared/domain/policy/signed-policy.ts";
import { policyOf, type TradingPolicy } from "../../../shared/domain/policy/trading-policy.ts";
import { settingsWith } from "../../use-cases/cycle-world.ts";

const NOW_MS = Date.UTC(2026, 5, 1);
const policy = policyOf(settingsWith());
const withSize = (sizeUsd: number): TradingPolicy => ({
  ...policy,
  limits: { ...policy.limits, maxPositionSize: usd(sizeUsd) },
});
const sealed = (now: TradingPolicy, earlier: readonly TradingPolicy[] = []) => ({
  serial: 3,
  policyText: canonicalJson(now),
  earlier: earlier.map((one) => canonicalJson(one)),
  signedAtMs: NOW_MS - 3_600_000,
});
const anySize = fc.integer({ min: 1, max: 5_000 });

describe("what was signed", () => {
  it("is the only thing that may run and be stored, but for what was signed before", () => {
    fc.assert(
      fc.property(anySize, anySize, anySize, anySize, (signed, before, running, stored) => {
        const verdict = judgePolicy(
          sealed(withSize(signed), [withSize(before)]),
          { running: withSize(running), stored: withSize(stored).limits },
          NOW_MS,
        );
        const isDrifted = running !== signed || (stored !== signed && stored !== before);
        expect(verdict.type === "drifted").toBe(isDrifted);
        if (!isDrifted) expect(verdict.type).toBe(stored === signed ? "signed" : "handOver");
      }),
      {
        examples: [
          [500, 400, 500, 400],
          [500, 400, 500, 500],
          [500, 400, 400, 400],
        ],
      },
    );
  });

  it("signs its serial, its time and the versions before along", () => {
    const one = sealed(policy, [withSize(7)]);
    const texts = [
      one,
      { ...one, serial: 4 },
      { ...one, signedAtMs: NOW_MS },
      { ...one, earlier: [] },
      { ...one, policyText: canonicalJson(withSize(8)) },
    ].map((each) => sealedTextOf(each));
    expect(new Set(texts).size).toBe(texts.length);
  });
});
