import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createDeadlines } from "../../../shared/adapters/calls/deadlines.ts";
import { createVirtualTime } from "./virtual-time.ts";

it("calls back each deadline at its time, unless it was called off, with one timer for all", async () => {
  const plan = fc.array(
    fc.record({ startsMs: fc.nat(50), inMs: fc.integer({ min: 2, max: 200 }), off: fc.nat(300) }),
    { maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(plan, async (planned) => {
      const time = createVirtualTime();
      const deadlines = createDeadlines(time);
      const rang = new Map<number, number>();
      let isSingle = true;
      for (const [index, { startsMs, inMs, off }] of planned.entries()) {
        time.timers.after(startsMs, () => {
          const before = time.pending();
          const callOff = deadlines.watch(startsMs + inMs, () =>
            rang.set(index, time.clock.monotonicMs()),
          );
          isSingle &&= time.pending() <= before + 1;
          time.timers.after(off, callOff);
        });
      }
      await time.pass(1_000);
      for (const [index, { startsMs, inMs, off }] of planned.entries()) {
        const rangAtMs = rang.get(index);
        if (off > inMs) expect(rangAtMs).toBeDefined();
        if (off < inMs - 1) expect(rangAtMs).toBeUndefined();
        if (rangAtMs === undefined) continue;
        expect(Math.abs(rangAtMs - startsMs - inMs)).toBeLessThanOrEqual(1);
      }
      expect([isSingle, time.pending()]).toEqual([true, 0]);
    }),
  );
});
