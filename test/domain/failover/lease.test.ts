import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterLook,
  isLeaseDead,
  type Lease,
  LEASE_POLICY,
  type LeaseWatch,
  NEW_WATCH,
  renewLease,
} from "../../../shared/domain/failover/lease.ts";

const HOLDER = { account: "main", region: "us-east-2", epoch: 3 };
const { beatMs, missedMax } = LEASE_POLICY;

const look = (watch: LeaseWatch, lease: Lease | undefined, atMs: number): LeaseWatch =>
  afterLook(watch, lease, atMs, LEASE_POLICY);

describe("a watched lease", () => {
  it("is never dead while each look, however late, finds a new beat", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 600_000 })), (waits) => {
        let lease = renewLease(undefined, HOLDER);
        let watch = NEW_WATCH;
        let atMs = 0;
        for (const waitMs of waits) {
          atMs += waitMs;
          lease = renewLease(lease, HOLDER);
          watch = look(watch, lease, atMs);
          expect(isLeaseDead(watch, LEASE_POLICY)).toBe(false);
        }
      }),
    );
  });

  it("is dead only after enough looks, and enough of the watcher's own time, without a beat", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 60 }),
        (waits) => {
          const lease = renewLease(undefined, HOLDER);
          let watch = look(NEW_WATCH, lease, 0);
          let atMs = 0;
          for (const waitMs of waits) {
            atMs += waitMs;
            watch = look(watch, lease, atMs);
            if (isLeaseDead(watch, LEASE_POLICY)) {
              expect(atMs).toBeGreaterThanOrEqual(missedMax * beatMs * 0.8);
            }
          }
        },
      ),
    );
  });

  it("is dead 75 seconds after its last beat, looked at as often as it should beat", () => {
    const lease = renewLease(undefined, HOLDER);
    let watch = look(NEW_WATCH, lease, 0);
    const dead: number[] = [];
    for (let atMs = beatMs; atMs <= 120_000; atMs += beatMs) {
      watch = look(watch, lease, atMs);
      if (isLeaseDead(watch, LEASE_POLICY)) dead.push(atMs);
    }
    expect(dead[0]).toBe(75_000);
  });

  it("counts a lease that was never there as any other that does not beat", () => {
    let watch = look(NEW_WATCH, undefined, 0);
    for (let round = 1; round <= missedMax; round++) watch = look(watch, undefined, round * beatMs);
    expect(isLeaseDead(watch, LEASE_POLICY)).toBe(true);
  });

  it("starts its count again when another Region or epoch takes it", () => {
    const lease = renewLease(undefined, HOLDER);
    const watch = look(look(NEW_WATCH, lease, 0), lease, beatMs);
    const taken = { ...lease, region: "us-west-2", epoch: 4 };
    expect(look(watch, taken, 2 * beatMs).unchanged).toBe(0);
  });
});
