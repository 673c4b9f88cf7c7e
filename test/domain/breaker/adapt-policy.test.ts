import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adaptPolicy, CALM, nextMood } from "../../../shared/domain/breaker/adapt-policy.ts";
import { DATA_BREAKER } from "../../../shared/domain/breaker/breaker-policy.ts";

const NOW_MS = 1_767_000_000_000;
const vix = (value: number, atMs = NOW_MS) => ({ volatilityIndex: { value, atMs } });
const volume = (value: number) => ({ volumeRatio: { value, atMs: NOW_MS } });
const moodOf = (conditions: Parameters<typeof nextMood>[1], before = CALM) =>
  nextMood(before, conditions, NOW_MS);

describe("the policy in the market's mood (E2)", () => {
  it("has a threshold of 10 and 30 s above a VIX of 30, and of 8 above 3 times the volume", () => {
    expect(adaptPolicy(DATA_BREAKER, moodOf(vix(30.01)), "data")).toMatchObject({
      failuresToOpen: 10,
      openMs: 30_000,
    });
    expect(adaptPolicy(DATA_BREAKER, moodOf(volume(3.01)), "data")).toMatchObject({
      failuresToOpen: 8,
      openMs: 60_000,
    });
    const both = moodOf({ ...vix(35), ...volume(5) });
    expect(adaptPolicy(DATA_BREAKER, both, "data").failuresToOpen).toBe(10);
  });

  it("is the base at the limit itself, without an observation, and with an old one", () => {
    const old = vix(80, NOW_MS - 16 * 60_000);
    for (const conditions of [{}, vix(30), volume(3), old, vix(Number.NaN)]) {
      expect(adaptPolicy(DATA_BREAKER, moodOf(conditions), "data")).toBe(DATA_BREAKER);
    }
  });

  it("does not flicker: it calms down only well below what excited it", () => {
    const volatile = moodOf(vix(31));
    expect(moodOf(vix(28), volatile).isVolatile).toBe(true);
    expect(moodOf(vix(28)).isVolatile).toBe(false);
    expect(moodOf(vix(27), volatile).isVolatile).toBe(false);
    expect(moodOf(volume(2.6), moodOf(volume(4))).isBusy).toBe(true);
    expect(moodOf(volume(2.5), moodOf(volume(4))).isBusy).toBe(false);
  });

  it("stays within its bounds and never touches orders, whatever is observed", () => {
    const seen = fc.record(
      {
        volatilityIndex: fc.record({ value: fc.double(), atMs: fc.constant(NOW_MS) }),
        volumeRatio: fc.record({ value: fc.double(), atMs: fc.constant(NOW_MS) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(seen), (observations) => {
        let mood = CALM;
        for (const conditions of observations) mood = nextMood(mood, conditions, NOW_MS);
        expect(adaptPolicy(DATA_BREAKER, mood, "orders")).toBe(DATA_BREAKER);
        const adapted = adaptPolicy(DATA_BREAKER, mood, "data");
        expect([5, 8, 10]).toContain(adapted.failuresToOpen);
        expect([30_000, 60_000]).toContain(adapted.openMs);
        expect({ ...adapted, failuresToOpen: 5, openMs: 60_000 }).toEqual(DATA_BREAKER);
      }),
    );
  });
});
