import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createMemoryLockedStore } from "../../../shared/adapters/memory/locked-store.ts";
import { sha256 } from "../../../shared/adapters/host/digest.ts";
import { createStoredAuditHeads } from "../../../shared/adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../../shared/adapters/stored/audit-records.ts";
import { createStoredOrderSeals } from "../../../shared/adapters/stored/order-seals.ts";
import type { ItemStore } from "../../../shared/adapters/stored/item-store.ts";
import { CHAIN_START, type AuditRecord } from "../../../shared/domain/audit/audit-record.ts";
import { recordKey, recordPrefix } from "../../../shared/domain/audit/checkpoint.ts";
import { readSeals } from "../../../shared/domain/audit/order-seal.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { takeOver } from "../../../shared/domain/risk/change-cell.ts";
import type { LockedStore } from "../../../shared/ports/locked-store.ts";
import { createKeepAudit } from "../../../shared/use-cases/audit/keep-audit.ts";
import { createRecordAudit } from "../../../shared/use-cases/audit/record-audit.ts";
import { createVerifyAudit } from "../../../shared/use-cases/audit/verify-audit.ts";
import { updateCell } from "../../../shared/use-cases/update-cell.ts";
import { DATE, intentOf } from "../../fixtures/orders.ts";
import { openAccount, runOnce } from "../trading-account.ts";

const TIME = { remainingMs: () => 10_000 };
const REGIONS = ["us-east-2", "us-west-2"] as const;
type Region = (typeof REGIONS)[number];

/**
 * What may go wrong with the n-th call of a run: it is lost before or after its effect, or never.
 */
type Loss = { readonly call: number; readonly when: "before" | "after" };

/**
 * Ports of which one call is lost; whoever made it takes it for a fault that may pass, and ends.
 */
const losing = (loss: Loss | undefined) => {
  let calls = 0;
  return <Input extends readonly unknown[], Answer>(work: (...input: Input) => Promise<Answer>) =>
    async (...input: Input): Promise<Answer> => {
      calls += 1;
      const isLost = calls === loss?.call;
      if (isLost && loss.when === "before") throw new RetryableError("It was not sent.");
      const answer = await work(...input);
      if (isLost) throw new RetryableError("Its answer was lost.");
      return answer;
    };
};

const open = async () => {
  const account = await openAccount();
  const stores: Readonly<Record<Region, LockedStore>> = {
    "us-east-2": createMemoryLockedStore(),
    "us-west-2": createMemoryLockedStore(),
  };
  /** A Region's functions for one run, of which one call may be lost. */
  const runIn = (region: Region, loss?: Loss) => {
    const through = losing(loss);
    const items: ItemStore = {
      ...account.items,
      get: through(account.items.get),
      put: through(account.items.put),
      query: through(account.items.query),
    };
    const wrap = (store: LockedStore): LockedStore => ({
      create: through(store.create),
      read: through(store.read),
      list: through(store.list),
    });
    const other = REGIONS.find((one) => one !== region) ?? region;
    const settings = { ...account.deps.settings, region };
    const deps = {
      ...account.deps,
      heads: createStoredAuditHeads(items),
      seals: createStoredOrderSeals(items),
      records: createStoredAuditRecords({
        account: settings.account,
        own: wrap(stores[region]),
        copies: wrap(stores[other]),
      }),
      digest: sha256,
      settings,
    };
    return {
      trail: createRecordAudit(deps),
      keep: createKeepAudit(deps),
      verify: () => createVerifyAudit(deps)(CHAIN_START, 10_000),
      records: deps.records,
      seals: deps.seals,
    };
  };
  return { account, runIn, stores };
};

type World = Awaited<ReturnType<typeof open>>;

const regions = fc.constantFrom(...REGIONS);
const loss = fc.option(
  fc.record({ call: fc.integer({ min: 1, max: 14 }), when: fc.constantFrom("before", "after") }),
  { nil: undefined },
);
const acts = fc.oneof(
  fc.record({ type: fc.constant("keep"), region: regions, loss }),
  fc.record({ type: fc.constant("record"), region: regions, loss }),
  fc.record({ type: fc.constant("order"), minute: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ type: fc.constant("takeOver"), region: regions }),
  fc.record({ type: fc.constant("wait"), minutes: fc.constantFrom(1, 61) }),
);
type Act = typeof acts extends fc.Arbitrary<infer Value> ? Value : never;

const act = async ({ account, runIn }: World, step: Act): Promise<void> => {
  switch (step.type) {
    case "keep":
      await runOnce(runIn(step.region, step.loss).keep);
      return;
    case "record": {
      const cell = await account.cell();
      const entry = { kind: "halt", actor: "ada", epoch: cell.epoch, body: {} } as const;
      await runOnce(() => runIn(step.region, step.loss).trail.record(entry));
      return;
    }
    case "order":
      await account.execute(intentOf({ minute: step.minute }), TIME);
      return;
    case "takeOver": {
      const cell = await account.cell();
      if (cell.activeRegion === step.region) return;
      await updateCell(account.deps, cell, (now) => takeOver(now, step.region, account.nowMs()));
      return;
    }
    case "wait":
      account.advance(step.minutes * 60_000);
  }
};

const chainOf = async ({ runIn }: World): Promise<readonly AuditRecord[]> => {
  const { records } = runIn("us-east-2");
  const numbers = await records.numbersAfter(0);
  const reads = await Promise.all(numbers.map((number) => records.read(number)));
  return reads.map(([read]) => {
    if (read?.ok !== true) throw new Error("Every record can be read.");
    return read.value;
  });
};

it("verifies and only grows, and every order is sealed as it is, whatever is lost between two Regions", async () => {
  // Steps of one group run at the same time.
  const plans = fc.array(fc.array(acts, { minLength: 1, maxLength: 3 }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const world = await open();
      // Each Region has been here; from now on a record leaves the head once both have it.
      for (const region of REGIONS) await world.runIn(region).keep();
      let before: readonly AuditRecord[] = [];
      for (const group of plan) {
        await Promise.all(group.map((step) => act(world, step)));
        const verified = await world.runIn("us-west-2").verify();
        expect(verified.flaws).toEqual([]);
        const chain = await chainOf(world);
        expect(chain.slice(0, before.length)).toEqual(before);
        before = chain;
      }
      // Calm returns, and a new day: each Region's keeper runs, and once more a minute later.
      world.account.advance(24 * 60 * 60_000);
      for (const region of [...REGIONS, ...REGIONS]) {
        const kept = await world.runIn(region).keep();
        expect(kept.flaws).toEqual([]);
      }
      const sealed = (await chainOf(world))
        .filter(({ kind }) => kind === "orders")
        .flatMap(({ body }) => readSeals(body));
      const orders = await world.runIn("us-east-2").seals.listSince("main", DATE, "0000");
      for (const { clientOrderId, events, head } of orders.ok ? orders.value : []) {
        expect(sealed).toContainEqual({ clientOrderId, events, head });
      }
      expect(orders.ok).toBe(true);
      // Neither needs the other's store.
      const keys = (await chainOf(world)).map(({ sequence }) => recordKey("main", sequence));
      for (const region of REGIONS) {
        expect(await world.stores[region].list(recordPrefix("main"), undefined, 10_000)).toEqual(
          keys,
        );
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
