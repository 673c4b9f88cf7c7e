import type { LockedStore } from "../../shared/ports/locked-store.ts";
import type { AtOnce } from "../../shared/adapters/memory/at-once.ts";
import { createMemoryLocked } from "../../shared/adapters/memory/locked-store.ts";
import { sequenceOfKey } from "../../shared/domain/audit/checkpoint.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import type { Observe } from "../world/observe.ts";

/** Each Region's locked bucket, and the one into which the other Region's is copied. */
export type LockedBuckets = {
  readonly bucketsOf: (region: string) => RegionBuckets;
};

/** What one Region reads and writes. */
export type RegionBuckets = {
  readonly own: AtOnce<LockedStore>;
  /** What the other Region locked, as far as it has arrived. */
  readonly copies: AtOnce<LockedStore>;
};

/** A copy takes seconds as a rule, a quarter of an hour at times, and does not arrive seldom. */
const COPIED_AFTER_MS = 12_000;
const LAG_MAX_MS = 15 * 60_000;
const LOST_FROM = 0.9;
const ABOUT_LAG = 71;

/** Empty buckets of two Regions, each of which the service copies into the other Region. */
export const createLockedBuckets = (
  [first, second]: readonly [string, string],
  deps: {
    readonly engine: Engine;
    readonly faults: FaultControl;
    readonly observe: Observe;
  },
): LockedBuckets => {
  const copies = { first: createMemoryLocked(), second: createMemoryLocked() };
  const buckets = {
    [first]: { own: createBucket(first, copies.second, deps), copies: copies.first },
    [second]: { own: createBucket(second, copies.first, deps), copies: copies.second },
  };
  return {
    bucketsOf: (region) => {
      const found = buckets[region];
      if (found === undefined) throw new Error(`There is no bucket in ${region}.`);
      return found;
    },
  };
};

const createBucket = (
  region: string,
  target: AtOnce<LockedStore>,
  { engine, faults, observe }: Parameters<typeof createLockedBuckets>[1],
): AtOnce<LockedStore> => {
  const store = createMemoryLocked();
  const place = faults.placeOf(`${region} locked copies`);
  const copy = (key: string, body: string): void => {
    const occasion = place.pass(engine.nowMs());
    const lag = faults.strikes("replication-lag", occasion, place.name)
      ? faults.measure(occasion, ABOUT_LAG)
      : 0;
    if (lag >= LOST_FROM) return;
    engine.after(COPIED_AFTER_MS + Math.ceil(lag * LAG_MAX_MS), () => {
      target.create(key, body);
    });
  };
  return {
    ...store,
    create: (key, body) => {
      const created = store.create(key, body);
      if (created.type === "exists") return created;
      copy(key, body);
      observe({ type: "lockedKept", region, key, sequence: sequenceOfKey(key) ?? 0, body });
      return created;
    },
  };
};
