import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHostRandom } from "../../../shared/adapters/host/random.ts";
import { createScaledClock } from "../../../shared/adapters/host/scaled-clock.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";
import { describeClock } from "../../contracts/clock.ts";
import { createManualClock } from "../../contracts/manual-clock.ts";
import { describeRandom } from "../../contracts/random.ts";

describeClock("host clock", createHostClock);
describeClock("scaled clock", () =>
  createScaledClock({ source: createHostClock(), startsAtMs: OPEN_MS, speed: 60 }),
);
describeRandom("host random", createHostRandom);
describeRandom("seeded random", () => createSeededRandom(7));

describe("a scaled clock", () => {
  it("starts where it is told and runs as much faster as it is told", () => {
    const runs = fc.record({
      speed: fc.integer({ min: 1, max: 10_000 }),
      steps: fc.array(fc.nat(100_000)),
    });
    fc.assert(
      fc.property(runs, ({ speed, steps }) => {
        const source = createManualClock(0);
        const clock = createScaledClock({ source, startsAtMs: OPEN_MS, speed });
        let elapsedMs = 0;
        for (const ms of steps) {
          source.advance(ms);
          elapsedMs += ms * speed;
          expect(clock.nowMs()).toBe(OPEN_MS + elapsedMs);
          expect(clock.monotonicMs()).toBe(elapsedMs);
        }
      }),
    );
  });
});

const draw = (seed: number) => {
  const random = createSeededRandom(seed);
  return [random.next(), random.id(), random.next(), random.id()];
};

describe("seeded chance", () => {
  it("is the same for the same seed and another for any other", () => {
    const seed = fc.nat(2 ** 32 - 1);
    fc.assert(
      fc.property(seed, seed, (left, right) => {
        expect(draw(left)).toEqual(draw(left));
        if (left !== right) expect(draw(left)).not.toEqual(draw(right));
      }),
    );
  });
});
