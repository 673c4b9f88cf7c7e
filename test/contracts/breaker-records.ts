import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Breaker, healthyBreaker } from "../../shared/domain/breaker/breaker.ts";
import type { BreakerRecords } from "../../shared/ports/breaker-records.ts";
import { OPEN_MS } from "./arbitraries.ts";

const count = fc.nat(1_000);
const moment = fc.nat(86_400_000).map((ms) => OPEN_MS + ms);
const common = { generation: count, trips: fc.nat(20), sinceMs: moment };

/** A breaker in any state. */
const breakerArbitrary: fc.Arbitrary<Breaker> = fc.oneof(
  fc.record({
    ...common,
    state: fc.constant("closed" as const),
    failuresInARow: count,
    window: fc.record({
      startedAtMs: moment,
      calls: count,
      failures: count,
      slow: count,
      callsBefore: count,
      failuresBefore: count,
      slowBefore: count,
    }),
    rampUntilMs: fc.oneof(fc.constant(0), moment),
  }),
  fc.record({
    ...common,
    state: fc.constant("open" as const),
    untilMs: moment,
    reason: fc.constantFrom(
      "failuresInARow" as const,
      "slowShare" as const,
      "probeFailed" as const,
    ),
  }),
  fc.record({
    ...common,
    state: fc.constant("halfOpen" as const),
    successes: fc.nat(3),
    leases: fc.array(fc.record({ number: fc.integer({ min: 1, max: 99 }), untilMs: moment }), {
      maxLength: 3,
    }),
    nextLease: fc.integer({ min: 1, max: 100 }),
  }),
);

/** What every store of shared breakers does; `createRecords` gives Regions on one store. */
export const describeBreakerRecords = (
  name: string,
  createRecords: (region: string) => Promise<BreakerRecords>,
  { runs }: { readonly runs: number },
): void => {
  let records: BreakerRecords;
  let elsewhere: BreakerRecords;
  let names = 0;
  beforeAll(async () => {
    records = await createRecords("us-east-2");
    elsewhere = await createRecords("us-west-2");
  });
  const newName = (): string => {
    names += 1;
    return `vendor${String(names).padStart(4, "0")}.snapshots`;
  };

  describe(`${name}: shared breakers`, () => {
    it("come back to the last field, each in its own Region", async () => {
      await fc.assert(
        fc.asyncProperty(breakerArbitrary, async (breaker) => {
          const own = newName();
          expect(await records.load(own)).toBeUndefined();
          const saved = await records.save(own, breaker, 0);
          expect(saved).toEqual({ ok: true, value: { name: own, breaker, version: 1 } });
          expect(await records.load(own)).toEqual({ name: own, breaker, version: 1 });
          expect(await elsewhere.load(own)).toBeUndefined();
        }),
        { numRuns: runs },
      );
    });

    it("are written over the version that was seen only, and tell who was first", async () => {
      const own = newName();
      const mine = healthyBreaker(OPEN_MS);
      const theirs = { ...mine, failuresInARow: 1 };
      await records.save(own, theirs, 0);
      const current = { name: own, breaker: theirs, version: 1 };
      for (const version of [0, 2]) {
        expect(await records.save(own, mine, version)).toEqual({
          ok: false,
          error: { type: "BreakerConflict", current },
        });
      }
      expect((await records.save(own, mine, 1)).ok).toBe(true);
    });

    it("let one of many writers through", async () => {
      const own = newName();
      const breakers = Array.from({ length: 8 }, (_none, trips) => ({
        ...healthyBreaker(OPEN_MS),
        trips,
      }));
      const saved = await Promise.all(breakers.map((breaker) => records.save(own, breaker, 0)));
      expect(saved.filter(({ ok }) => ok)).toHaveLength(1);
    });

    it("are listed by name", async () => {
      const before = await records.list();
      const added = [newName(), newName()];
      for (const own of added.toReversed()) await records.save(own, healthyBreaker(OPEN_MS), 0);
      const listed = (await records.list()).map((record) => record.name);
      expect(listed).toEqual([...before.map((record) => record.name), ...added]);
    });
  });
};
