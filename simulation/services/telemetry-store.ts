import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { AtOnce } from "../../shared/adapters/memory/at-once.ts";
import { createMemoryItems } from "../../shared/adapters/memory/item-store.ts";
import type { ItemKey } from "../../shared/adapters/stored/item-store.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultControl } from "../faults/fault-control.ts";

/** One replica of a global table for each Region. */
export type TelemetryTable = { readonly replicaOf: (region: string) => AtOnce<ItemStore> };

/** How long a write takes to the other Region: usually, and when it lags, at most. */
const REPLICATION_MS = 900;
const LAG_MAX_MS = 8 * 60_000;
const ABOUT_LAG = 21;

type Replica = {
  readonly region: string;
  /** What is filed under the Region's name has this in its own. */
  readonly mark: string;
  readonly store: AtOnce<ItemStore>;
  /** When each item was last written, by whichever Region, in true time. */
  readonly writtenAtMs: Map<string, number>;
  /** Items on their way to the others. */
  readonly leaving: Set<string>;
};

/**
 * An eventually consistent global table: a Region reads its own writes at once and the others' after
 * a while; of two writes of one item the later one wins everywhere. What is filed under its Region's
 * name is read there alone: that it arrives elsewhere too is left out, being most of the traffic.
 */
export const createTelemetryTable = (
  regions: readonly string[],
  engine: Engine,
  faults: FaultControl,
): TelemetryTable => {
  const replicas = regions.map((region): Replica => ({
    region,
    mark: `#${region}`,
    store: createMemoryItems(),
    writtenAtMs: new Map(),
    leaving: new Set(),
  }));
  const place = faults.placeOf("telemetry replication");
  const leave = (from: Replica, key: ItemKey): void => {
    if (key.partition.includes(from.mark)) return;
    const name = `${key.partition}/${key.sort}`;
    from.writtenAtMs.set(name, engine.nowMs());
    // What leaves later than it is written again carries the newer state along.
    if (from.leaving.has(name)) return;
    from.leaving.add(name);
    const occasion = place.pass(engine.nowMs());
    const isLate = faults.strikes("replication-lag", occasion, `${from.region} telemetry`);
    const lagMs = isLate ? faults.measure(occasion, ABOUT_LAG) * LAG_MAX_MS : 0;
    engine.after(REPLICATION_MS + Math.ceil(lagMs), () => {
      from.leaving.delete(name);
      arrive(replicas, from, key, name);
    });
  };
  return {
    replicaOf: (region) => {
      const replica = replicas.find((each) => each.region === region);
      if (replica === undefined) throw new Error(`There is no replica in ${region}.`);
      return writable(replica, (key) => leave(replica, key));
    },
  };
};

const arrive = (replicas: readonly Replica[], from: Replica, key: ItemKey, name: string): void => {
  const item = from.store.get(key);
  const atMs = from.writtenAtMs.get(name) ?? 0;
  for (const to of replicas) {
    if (to === from || item === undefined || (to.writtenAtMs.get(name) ?? -1) >= atMs) continue;
    to.writtenAtMs.set(name, atMs);
    to.store.putMany([item]);
  }
};

const writable = ({ store }: Replica, wrote: (key: ItemKey) => void): AtOnce<ItemStore> => ({
  ...store,
  put: (item, condition) => {
    const stored = store.put(item, condition);
    if (stored.ok) wrote(item);
    return stored;
  },
  add: (key, increments, expiresAtMs) => {
    store.add(key, increments, expiresAtMs);
    wrote(key);
  },
  putMany: (items) => {
    store.putMany(items);
    for (const item of items) wrote(item);
  },
});
