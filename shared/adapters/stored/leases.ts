import * as z from "zod";
import type { Lease } from "../../domain/failover/lease.ts";
import type { Leases } from "../../ports/leases.ts";
import type { Item, ItemStore } from "./item-store.ts";

const LeaseCodec: z.ZodType<Lease> = z.strictObject({
  account: z.string(),
  region: z.string(),
  epoch: z.int().min(1),
  beat: z.int().min(1),
});

/**
 * Leases on an item store with strong reads; the beat and the epoch are what conditions compare.
 */
export const createStoredLeases = (store: ItemStore): Leases => ({
  load: async (account) => {
    const item = await store.get(keyOf(account));
    return item === undefined ? undefined : readLease(item);
  },
  renew: async (next, expected) => {
    const item: Item = {
      ...keyOf(next.account),
      document: next,
      revision: { version: next.beat, epoch: next.epoch },
    };
    const condition =
      expected === undefined
        ? ({ type: "absent" } as const)
        : ({
            type: "revisionIs",
            revision: { version: expected.beat, epoch: expected.epoch },
          } as const);
    const stored = await store.put(item, condition);
    if (stored.ok) return true;
    const { current } = stored.error;
    if (current === undefined) return false;
    const lease = readLease(current);
    // A write that was repeated after a lost answer meets itself. What cannot be read is replaced:
    // it protects nothing, and a lease that nobody can renew would look like a dead Region.
    if (lease !== undefined) return isSame(lease, next);
    const raw = await store.getRaw(keyOf(next.account));
    if (raw === undefined) return false;
    return (await store.put(item, { type: "rawIs", raw })).ok;
  },
});

const keyOf = (account: string) => ({ partition: `lease#${account}`, sort: "lease" });

const readLease = (item: Item): Lease | undefined => LeaseCodec.safeParse(item.document).data;

const isSame = (one: Lease, other: Lease): boolean =>
  one.region === other.region && one.epoch === other.epoch && one.beat === other.beat;
