import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorldClock, type TimeKeeper } from "../../../local/world/world-clock.ts";

const START_MS = 1_795_444_495_000;

const createKeeper = (): TimeKeeper & { readonly kept: () => number | undefined } => {
  let kept: number | undefined;
  return {
    load: () => kept,
    save: (timeMs) => {
      kept = timeMs;
    },
    kept: () => kept,
  };
};

const Step = fc.oneof(
  fc.record({ type: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 5_000 }) }),
  fc.record({ type: fc.constant("renew" as const), ms: fc.constant(0) }),
  fc.record({ type: fc.constant("jump" as const), ms: fc.integer({ min: -9_999, max: 9e7 }) }),
  fc.record({ type: fc.constant("kill" as const), ms: fc.constant(0) }),
  fc.record({ type: fc.constant("stop" as const), ms: fc.constant(0) }),
);

describe("the world's clock", () => {
  it("never goes back and never shows more than was kept, through kills and jumps", () => {
    fc.assert(
      fc.property(
        fc.array(Step, { maxLength: 60 }),
        fc.double({ min: 0.1, max: 120, noNaN: true }),
        (steps, speed) => {
          let hostMs = 0;
          const keeper = createKeeper();
          const host = { monotonicMs: () => hostMs };
          const make = () => createWorldClock({ host, keeper, startsAtMs: START_MS, speed });
          let clock = make();
          let lastMs = clock.nowMs();
          for (const { type, ms } of steps) {
            if (type === "pass") hostMs += ms;
            if (type === "renew") clock.renew();
            if (type === "jump") clock.jumpTo(clock.nowMs() + ms);
            if (type === "stop") clock.stop();
            if (type === "kill" || type === "stop") clock = make();
            const nowMs = clock.nowMs();
            expect(nowMs).toBeGreaterThanOrEqual(lastMs);
            expect(nowMs).toBeLessThanOrEqual(keeper.kept() ?? -1);
            lastMs = nowMs;
          }
        },
      ),
    );
  });

  it("runs at its speed while its promises are renewed", () => {
    let hostMs = 0;
    const host = { monotonicMs: () => hostMs };
    const clock = createWorldClock({
      host,
      keeper: createKeeper(),
      startsAtMs: START_MS,
      speed: 60,
    });
    for (let turn = 0; turn < 10; turn++) {
      hostMs += 500;
      clock.renew();
    }
    expect(clock.nowMs() - START_MS).toBe(5_000 * 60);
    expect(clock.hostMsUntil(clock.nowMs() + 60_000)).toBe(1_000);
    expect(clock.hostMsUntil(START_MS)).toBe(0);
  });

  it("stands still when nobody renews its promise", () => {
    let hostMs = 0;
    const host = { monotonicMs: () => hostMs };
    const clock = createWorldClock({
      host,
      keeper: createKeeper(),
      startsAtMs: START_MS,
      speed: 1,
    });
    hostMs += 3_600_000;
    expect(clock.nowMs()).toBe(START_MS + 2_000);
  });
});
