import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScheduler, slotAfter } from "../../../local/world/scheduler.ts";
import { createVirtualHost } from "./virtual-host.ts";

const MINUTE_MS = 60_000;
const MINUTELY = { everyMs: MINUTE_MS, phaseMs: 20_000 };

const createWorld = (run: (slotMs: number) => Promise<void>) => {
  const host = createVirtualHost();
  const failures: string[] = [];
  let aheadMs = 0;
  const nowMs = (): number => host.monotonicMs() + aheadMs;
  const scheduler = createScheduler({
    clock: { nowMs, hostMsUntil: (atMs) => Math.max(0, atMs - nowMs()) },
    timers: host.timers,
    schedules: [{ name: "work", ...MINUTELY, run }],
    onFailure: (name) => failures.push(name),
  });
  const jump = (ms: number): void => {
    aheadMs += ms;
  };
  return { host, scheduler, failures, nowMs, jump };
};

describe("the scheduler", () => {
  it("finds the first slot after any moment, on the schedule's grid", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 1e7 }),
        fc.nat(1e6),
        (atMs, everyMs, phaseMs) => {
          const slotMs = slotAfter({ everyMs, phaseMs }, atMs);
          expect(slotMs).toBeGreaterThan(atMs);
          expect(slotMs - atMs).toBeLessThanOrEqual(everyMs);
          expect(Math.abs((slotMs - phaseMs) % everyMs)).toBe(0);
        },
      ),
    );
  });

  it("runs every slot once, by its own time, without drift", async () => {
    const slots: number[] = [];
    const { host, scheduler } = createWorld(async (slotMs) => {
      slots.push(slotMs);
    });
    scheduler.start();
    await host.pass(5 * MINUTE_MS);
    expect(slots).toEqual([0, 1, 2, 3, 4].map((minute) => minute * MINUTE_MS + 20_000));
    expect(scheduler.counts()["work"]).toEqual({ started: 5, skipped: 0, failed: 0 });
    await scheduler.stop();
  });

  it("skips and counts slots that come while the work of another is not done", async () => {
    let finish: (() => void) | undefined;
    const { host, scheduler } = createWorld(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    scheduler.start();
    await host.pass(4 * MINUTE_MS);
    expect(scheduler.counts()["work"]).toEqual({ started: 1, skipped: 3, failed: 0 });
    expect(scheduler.isIdle()).toBe(false);
    finish?.();
    await host.pass(MINUTE_MS);
    expect(scheduler.counts()["work"]).toEqual({ started: 2, skipped: 3, failed: 0 });
  });

  it("runs only the last of the slots that passed while the host was away", async () => {
    const slots: number[] = [];
    const { host, scheduler } = createWorld(async (slotMs) => {
      slots.push(slotMs);
    });
    scheduler.start();
    host.freeze(10 * MINUTE_MS);
    await host.pass(1);
    expect(slots).toEqual([9 * MINUTE_MS + 20_000]);
    expect(scheduler.counts()["work"]).toMatchObject({ started: 1, skipped: 9 });
  });

  it("takes no slot for missed that was jumped over", async () => {
    const { host, scheduler, jump } = createWorld(async () => undefined);
    scheduler.start();
    jump(1_000 * MINUTE_MS);
    scheduler.replan();
    await host.pass(MINUTE_MS);
    expect(scheduler.counts()["work"]).toEqual({ started: 1, skipped: 0, failed: 0 });
  });

  it("counts and reports a failure, and goes on", async () => {
    const { host, scheduler, failures } = createWorld(async () => {
      throw new Error("The work failed.");
    });
    scheduler.start();
    await host.pass(2 * MINUTE_MS);
    expect(scheduler.counts()["work"]).toEqual({ started: 2, skipped: 0, failed: 2 });
    expect(failures).toEqual(["work", "work"]);
  });
});
