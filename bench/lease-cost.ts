import { createMemoryItemStore } from "../shared/adapters/memory/item-store.ts";
import { createStoredLeases } from "../shared/adapters/stored/leases.ts";
import { createStoredLedger } from "../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../shared/adapters/stored/telemetry.ts";
import { LEASE_POLICY, renewLease } from "../shared/domain/failover/lease.ts";
import { createKeepLease } from "../shared/use-cases/keep-lease.ts";
import { NOW_MS, REGION } from "../test/fixtures/orders.ts";
import { openAccount, settings } from "../test/use-cases/trading-account.ts";
import { AWS_PRICES, READ_UNIT_BYTES, WRITE_UNIT_BYTES } from "./aws-prices.ts";
import type { Benchmark } from "./benchmark.ts";
import { countItems, type ItemCounts } from "./count-items.ts";

/** Minutes of a month of thirty days. */
const RUNS = 43_200;
const REPLICAS = 2;
/** What keep-lease is given; it waits for most of a minute between its beats. */
const LAMBDA_GIB = 0.5;
/** Its own work beside the waiting, seconds. */
const WORK_SECONDS = 1;
const OTHER = "us-west-2";

/** What one run asks for. */
type Run = { readonly writeUnits: number; readonly readUnits: number; readonly seconds: number };

/** USD at list prices for a month in which one Region keeps the lease and the other watches it. */
export const leaseCost: Benchmark = {
  name: "lease-cost",
  unit: "USD/month",
  goal: undefined,
  measure: async (report) => {
    const [active, watching] = await countRuns();
    const requests =
      (active.writeUnits * REPLICAS * AWS_PRICES.replicatedWriteUnit +
        watching.writeUnits * REPLICAS * AWS_PRICES.replicatedWriteUnit +
        (active.readUnits + watching.readUnits) * AWS_PRICES.readUnit) *
      RUNS;
    const seconds = active.seconds + watching.seconds;
    const functions =
      RUNS * (2 * AWS_PRICES.lambdaRequest + seconds * LAMBDA_GIB * AWS_PRICES.lambdaGibSecond);
    report(
      `A run writes ${active.writeUnits} units and reads ${active.readUnits} where the account trades, ` +
        `${watching.writeUnits} and ${watching.readUnits} where it is watched: ` +
        `${requests.toFixed(2)} USD for items, ${functions.toFixed(2)} for functions that wait.`,
    );
    return { ours: requests + functions };
  },
};

/** A quiet minute in the Region that trades, and one in the other, by the deployed use case. */
const countRuns = async (): Promise<readonly [Run, Run]> => {
  const account = await openAccount();
  const cell = await account.cell();
  const items = createMemoryItemStore();
  await createStoredLedger(items).saveCell({ ...cell, version: 1 }, { version: 0, epoch: 0 });
  const leases = createStoredLeases(items);
  /** The other Region beats meanwhile: a watch that sees nothing amiss. */
  const beat = async (): Promise<void> => {
    const lease = await leases.load(cell.account);
    const { epoch, account: name } = cell;
    await leases.renew(renewLease(lease, { account: name, region: REGION, epoch }), lease);
  };
  const runIn = async (region: string): Promise<Run> => {
    const counts: ItemCounts = { writes: [], reads: [] };
    const counted = countItems(items, counts);
    const beganAtMs = account.nowMs();
    await createKeepLease({
      ...account.deps,
      ledger: createStoredLedger(counted),
      leases: createStoredLeases(counted),
      telemetry: createStoredTelemetry(counted, { region }),
      pause: {
        wait: async (ms) => {
          account.advance(ms);
          if (region === OTHER) await beat();
        },
      },
      policy: LEASE_POLICY,
      isAutomatic: true,
      settings: { ...settings, region },
    })({ remainingMs: () => NOW_MS });
    return {
      writeUnits: unitsOf(counts.writes, WRITE_UNIT_BYTES),
      readUnits: unitsOf(counts.reads, READ_UNIT_BYTES),
      seconds: WORK_SECONDS + (account.nowMs() - beganAtMs) / 1_000,
    };
  };
  return [await runIn(REGION), await runIn(OTHER)];
};

const unitsOf = (sizes: readonly number[], unitBytes: number): number =>
  sizes.reduce((sum, bytes) => sum + Math.max(1, Math.ceil(bytes / unitBytes)), 0);
