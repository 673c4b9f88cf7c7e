import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Leave } from "../../../shared/adapters/calls/breaker-entry.ts";
import {
  type BreakerEvent,
  type Breakers,
  createBreakers,
} from "../../../shared/adapters/calls/breakers.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredBreakerRecords } from "../../../shared/adapters/stored/breaker-records.ts";
import { DATA_BREAKER } from "../../../shared/domain/breaker/breaker-policy.ts";
import type { Outcome } from "../../../shared/domain/breaker/outcome.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { BreakerRecords } from "../../../shared/ports/breaker-records.ts";
import { createVirtualTime } from "./virtual-time.ts";

const NAME = "polygon.snapshots";
const GOOD: Outcome = { type: "success", durationMs: 5 };
const BAD: Outcome = { type: "failure", durationMs: 5 };
const policy = { ...DATA_BREAKER, rampMs: 0 };

const failing = (): Promise<never> => Promise.reject(new RetryableError("No answer."));
const hanging = (): Promise<never> => new Promise(() => undefined);

/** Several environments of one Region on one store. */
const createRegion = (change: (records: BreakerRecords) => BreakerRecords = (same) => same) => {
  const time = createVirtualTime();
  const events: BreakerEvent[] = [];
  let writes = 0;
  const stored = createStoredBreakerRecords(createMemoryItemStore(), { region: "us-east-2" });
  const records = change({
    ...stored,
    save: (...words) => {
      writes += 1;
      return stored.save(...words);
    },
  });
  const open = (): Breakers =>
    createBreakers({
      clock: time.clock,
      timers: time.timers,
      random: createSeededRandom(3),
      records,
      policy,
      kind: "data",
      onTransition: (event) => events.push(event),
    });
  return { time, events, open, stored, writes: () => writes };
};

const leaveOf = async (breakers: Breakers): Promise<Leave | undefined> => {
  const answer = await breakers.admit(NAME);
  return answer.type === "Leave" ? answer : undefined;
};

const call = async (breakers: Breakers, outcome: Outcome): Promise<boolean> => {
  const leave = await leaveOf(breakers);
  if (leave !== undefined) breakers.record(NAME, leave, outcome);
  return leave !== undefined;
};

const poll = async (breakers: Breakers, outcome: Outcome): Promise<boolean> => {
  await breakers.refresh();
  const wasMade = await call(breakers, outcome);
  await breakers.flush();
  return wasMade;
};

/** Region whose shared breaker is open, and its environments know it. */
const openRegion = async (environments: number) => {
  const region = createRegion();
  const all = Array.from({ length: environments }, region.open);
  const [first] = all;
  if (first === undefined) throw new Error("There is one.");
  for (let failures = 0; failures < 5; failures++) await poll(first, BAD);
  await region.time.pass(5_000);
  for (const breakers of all) await breakers.refresh();
  return { ...region, all, first };
};

describe("breakers that share what they know", () => {
  it("write nothing and read nothing on the way of a call while all is well", async () => {
    const { open, writes, time } = createRegion();
    const breakers = open();
    for (let minute = 0; minute < 200; minute++) {
      expect(breakers.admit(NAME)).not.toBeInstanceOf(Promise);
      expect(await poll(breakers, GOOD)).toBe(true);
      await time.pass(60_000);
    }
    expect(writes()).toBe(0);
  });

  it("trip together although each environment saw one failure only", async () => {
    const { open, events, time } = createRegion();
    const environments = Array.from({ length: 6 }, open);
    for (const breakers of environments.slice(0, 5)) {
      expect(await poll(breakers, BAD)).toBe(true);
      await time.pass(5_000);
    }
    for (const breakers of environments) expect(await poll(breakers, GOOD)).toBe(false);
    expect(events.map(({ scope, to, reason }) => [scope, to, reason])).toEqual([
      ["shared", "open", "failuresInARow"],
    ]);
  });

  it("do not trip where another environment's success came in between", async () => {
    const { open, time, stored } = createRegion();
    const [failing, working] = [open(), open()];
    for (let round = 0; round < 4; round++) {
      for (const outcome of [BAD, BAD]) await poll(failing, outcome);
      await time.pass(5_000);
      await poll(working, GOOD);
      await time.pass(5_000);
    }
    expect((await stored.load(NAME))?.breaker.state).toBe("closed");
    // The one that sees nothing but failures keeps to itself.
    expect(await leaveOf(failing)).toBeUndefined();
    expect(await leaveOf(working)).toBeDefined();
  });

  it("have no more probes out than one breaker may, all environments together", async () => {
    const { all, time } = await openRegion(5);
    await time.pass(120_000);
    const leaves: (Leave | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      leaves.push(...(await Promise.all(all.map(leaveOf))));
    }
    expect(leaves.filter((leave) => leave !== undefined)).toHaveLength(policy.probesMax);
    // A lease that nobody gives back ends by itself.
    await time.pass(policy.leaseMs);
    const later = await Promise.all(all.map(leaveOf));
    expect(later.filter((leave) => leave !== undefined)).toHaveLength(policy.probesMax);
  });

  it("keep that bound whatever the order of probes, answers, flushes and time", async () => {
    const step = fc.record({
      environment: fc.nat(2),
      act: fc.constantFrom("ask", "ask", "good", "bad", "flush", "refresh", "wait"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { all, time, stored } = await openRegion(3);
        await time.pass(120_000);
        let out: { environment: number; leave: Leave; untilMs: number }[] = [];
        for (const { environment, act } of steps) {
          const breakers = all[environment];
          if (breakers === undefined) continue;
          const nowMs = time.clock.monotonicMs();
          out = out.filter(({ untilMs }) => untilMs > nowMs);
          if (act === "wait") await time.pass(3_000);
          else if (act === "flush" || act === "refresh") await breakers[act]();
          else if (act === "ask") {
            const leave = await leaveOf(breakers);
            if (leave === undefined || leave.shared.lease === 0) continue;
            out.push({ environment, leave, untilMs: nowMs + policy.leaseMs });
          } else {
            const mine = out.find((probe) => probe.environment === environment);
            if (mine === undefined) continue;
            out = out.filter((probe) => probe !== mine);
            breakers.record(NAME, mine.leave, act === "good" ? GOOD : BAD);
            await breakers.flush();
          }
          const shared = await stored.load(NAME);
          const current = out.filter(
            ({ leave }) => leave.shared.generation === shared?.breaker.generation,
          );
          expect(current.length).toBeLessThanOrEqual(policy.probesMax);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("let every environment in again when the probes of one succeeded", async () => {
    const { all, first, time, events } = await openRegion(3);
    await time.pass(120_000);
    for (let probe = 0; probe < 3; probe++) expect(await poll(first, GOOD)).toBe(true);
    await time.pass(5_000);
    for (const breakers of all) expect(await poll(breakers, GOOD)).toBe(true);
    const shared = events.filter(({ scope }) => scope === "shared").map(({ to }) => to);
    expect(shared).toEqual(["open", "halfOpen", "closed"]);
  });

  it("are not set back by an answer of the store that a newer one has overtaken", async () => {
    let slowMs = 0;
    const { open, time } = createRegion((records) => ({
      ...records,
      list: async () => {
        const known = await records.list();
        return slowMs === 0 ? known : time.later(slowMs, known);
      },
    }));
    const breakers = open();
    for (let failures = 0; failures < 4; failures++) await poll(breakers, BAD);
    await time.pass(5_000);
    slowMs = 3_000;
    const reading = breakers.refresh();
    await time.settle(reading);
    // The fifth failure opens it while the store's old answer is still on its way.
    await call(breakers, BAD);
    await breakers.flush();
    expect(await leaveOf(breakers)).toBeUndefined();
    await time.pass(4_000);
    expect(breakers.statistics()).toMatchObject([{ state: "open", sharedState: "open" }]);
    expect(await leaveOf(breakers)).toBeUndefined();
  });

  it("are not moved by a call that began before they tripped", async () => {
    const { all, first, time, stored } = await openRegion(2);
    const [, other] = all;
    const stale: Leave = {
      type: "Leave",
      local: { generation: 0, lease: 0 },
      shared: { generation: 0, lease: 0 },
    };
    await time.pass(120_000);
    for (let probe = 0; probe < 3; probe++) await poll(first, GOOD);
    const before = await stored.load(NAME);
    for (let late = 0; late < 5; late++) other?.record(NAME, stale, BAD);
    await other?.flush();
    expect(await stored.load(NAME)).toEqual(before);
  });
});

describe("breakers whose store fails", () => {
  it.each([
    ["refuses", failing],
    ["hangs", hanging],
  ])("decide by themselves when it %s, and hold up nothing for long", async (_name, never) => {
    const { open, time } = createRegion(() => ({ load: never, list: never, save: never }));
    const breakers = open();
    for (let failures = 0; failures < 5; failures++) {
      expect(await time.settle(poll(breakers, BAD))).toBe(true);
    }
    expect(time.clock.monotonicMs()).toBeLessThan(3_000);
    expect(await leaveOf(breakers)).toBeUndefined();
    await time.pass(90_000);
    const leaves = await Promise.all(Array.from({ length: 5 }, () => leaveOf(breakers)));
    expect(leaves.filter((leave) => leave !== undefined)).toHaveLength(policy.probesMax);
  });

  it("probe on their own when the shared lease cannot be taken", async () => {
    let isDown = false;
    const { open, time } = createRegion((records) => ({
      ...records,
      save: (...words) => (isDown ? failing() : records.save(...words)),
    }));
    const breakers = open();
    for (let failures = 0; failures < 5; failures++) await poll(breakers, BAD);
    isDown = true;
    await time.pass(90_000);
    const leaves = [];
    for (let probe = 0; probe < 5; probe++) leaves.push(await leaveOf(breakers));
    expect(leaves.filter((leave) => leave !== undefined)).toHaveLength(policy.probesMax);
  });

  it("tell what they kept to themselves when it is back", async () => {
    let isDown = true;
    const { open, stored } = createRegion((records) => ({
      ...records,
      save: (...words) => (isDown ? failing() : records.save(...words)),
    }));
    const breakers = open();
    for (let failures = 0; failures < 4; failures++) await poll(breakers, BAD);
    isDown = false;
    await breakers.flush();
    expect((await stored.load(NAME))?.breaker).toMatchObject({ failuresInARow: 4 });
  });
});

it("shows what an operator asks for", async () => {
  const { first } = await openRegion(1);
  await poll(first, GOOD);
  expect(first.statistics()).toMatchObject([
    {
      name: NAME,
      state: "open",
      sharedState: "open",
      trips: 1,
      counts: { admitted: 5, refused: 1, failed: 5, succeeded: 0 },
    },
  ]);
});

it("opens later, and for less long, while the market is volatile (E2)", async () => {
  const { open, time } = createRegion();
  const breakers = open();
  breakers.observeMarket({ volatilityIndex: { value: 35, atMs: time.clock.nowMs() } });
  for (let failures = 0; failures < 9; failures++) expect(await call(breakers, BAD)).toBe(true);
  expect(await call(breakers, BAD)).toBe(true);
  expect(await call(breakers, BAD)).toBe(false);
  await time.pass(33_001);
  expect(await call(breakers, GOOD)).toBe(true);
});
