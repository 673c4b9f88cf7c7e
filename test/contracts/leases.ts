import { beforeAll, describe, expect, it } from "vitest";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { Lease } from "../../shared/domain/failover/lease.ts";
import type { Leases } from "../../shared/ports/leases.ts";

/** What leases do on every item store with strong reads; each test has an account of its own. */
export const describeLeases = (name: string, createStore: () => Promise<ItemStore>): void => {
  let store: ItemStore;
  let leases: Leases;
  let accounts = 0;
  beforeAll(async () => {
    store = await createStore();
    leases = createStoredLeases(store);
  });
  const firstLease = (): Lease => {
    accounts += 1;
    return { account: `l${accounts}`, region: "us-east-2", epoch: 1, beat: 1 };
  };

  describe(`${name}: leases`, () => {
    it("are undefined before they were ever taken, and come back as they were written", async () => {
      const lease = firstLease();
      expect(await leases.load(lease.account)).toBeUndefined();
      expect(await leases.renew(lease, undefined)).toBe(true);
      expect(await leases.load(lease.account)).toEqual(lease);
    });

    it("are renewed by exactly one of those who saw the same beat", async () => {
      const lease = firstLease();
      await leases.renew(lease, undefined);
      const renewals = await Promise.all(
        ["us-east-2", "us-west-2", "eu-west-1"].map((region, index) =>
          leases.renew({ ...lease, region, epoch: 1 + index, beat: 2 }, lease),
        ),
      );
      expect(renewals.filter((isRenewed) => isRenewed)).toHaveLength(1);
    });

    it("know their own write again when its answer was lost", async () => {
      const lease = firstLease();
      await leases.renew(lease, undefined);
      const next = { ...lease, beat: 2 };
      expect(await leases.renew(next, lease)).toBe(true);
      expect(await leases.renew(next, lease)).toBe(true);
      expect(await leases.renew({ ...next, region: "us-west-2" }, lease)).toBe(false);
    });

    it("that cannot be read are replaced, so that a living Region never looks dead", async () => {
      const lease = firstLease();
      const key = { partition: `lease#${lease.account}`, sort: "lease" };
      const revision = { version: 9, epoch: 9 };
      await store.put({ ...key, document: { is: "damaged" }, revision }, { type: "none" });
      expect(await leases.load(lease.account)).toBeUndefined();
      expect(await leases.renew(lease, undefined)).toBe(true);
      expect(await leases.load(lease.account)).toEqual(lease);
    });
  });
};
