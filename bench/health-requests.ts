import { createMemoryItemStore } from "../shared/adapters/memory/item-store.ts";
import { createStoredHealing } from "../shared/adapters/stored/healing.ts";
import { createStoredLedger } from "../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../shared/adapters/stored/telemetry.ts";
import { COMPONENTS } from "../shared/domain/health/component-registry.ts";
import { createAggregateHealth } from "../shared/use-cases/aggregate-health.ts";
import { createRunDiagnostics } from "../shared/use-cases/healing/run-diagnostics.ts";
import { NOW_MS, REGION } from "../test/fixtures/orders.ts";
import { settingsWith, tradingCell } from "../test/use-cases/cycle-world.ts";
import type { Benchmark } from "./benchmark.ts";
import { AWS_PRICES } from "./aws-prices.ts";
import { countItems, type ItemCounts } from "./count-items.ts";
import { requestsOf, type OrderRequests } from "./order-cost.ts";

const HOURS = 1;
const MINUTES = HOURS * 60;
const DAYS_PER_HOURS = 24 / HOURS;
const HEAL_EVERY_MINUTES = 5;
/** Dead letters are counted in three queues each time healing looks. */
const QUEUES = 3;

/**
 * What it takes to know for a day that all is well, in one Region: requests to DynamoDB and SQS by
 * aggregate-health each minute and by healing every five, over an hour in which nothing changes.
 */
export const healthRequests: Benchmark = {
  name: "health-requests",
  unit: "requests/day",
  goal: { direction: "atMost", value: 60_000 },
  measure: async (report) => {
    const counts: ItemCounts = { writes: [], reads: [] };
    const time = { nowMs: NOW_MS };
    const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
    const plain = createMemoryItemStore();
    const counted = countItems(plain, counts);
    const settings = settingsWith();
    const stored = createStoredTelemetry(plain, { region: REGION });
    const ledger = createStoredLedger(counted);
    await ledger.saveCell(tradingCell(settings, NOW_MS), { version: 0, epoch: 0 });
    const deps = {
      ledger,
      telemetry: createStoredTelemetry(counted, { region: REGION }),
      healing: createStoredHealing(counted, { region: REGION }),
      alerts: { publish: async () => undefined },
      clock,
      random: { next: () => 0.5, id: () => "id" },
      pause: { wait: async () => undefined },
      countDeadLetters: async () => 0,
      settings,
    };
    const aggregate = createAggregateHealth(deps);
    const heal = createRunDiagnostics(deps);
    counts.writes.length = 0;
    counts.reads.length = 0;
    for (let minute = 0; minute < MINUTES; minute++) {
      time.nowMs += 60_000;
      // What the others prove of themselves is their work, not health's.
      for (const { component, duty } of COMPONENTS) {
        if (duty.type === "onlyTrouble") continue;
        const evidence = { component, atMs: time.nowMs, succeeded: true, detail: "Done." };
        await stored.recordEvidence({ ...evidence, latencyMs: 5, dataAgeMs: null, fault: null });
      }
      await aggregate();
      if (minute % HEAL_EVERY_MINUTES === 0) await heal.diagnose();
    }
    const queues = (MINUTES / HEAL_EVERY_MINUTES) * QUEUES;
    const writes = counts.writes.length * DAYS_PER_HOURS;
    const reads = counts.reads.length * DAYS_PER_HOURS;
    const usd = costOf(requestsOf(counts, 1), queues) * DAYS_PER_HOURS;
    report(
      `${writes} writes, ${reads} reads, ${queues * DAYS_PER_HOURS} counts of queues a day: ` +
        `${usd.toFixed(3)} USD at prices as of ${AWS_PRICES.asOf}.`,
    );
    return { ours: writes + reads + queues * DAYS_PER_HOURS };
  },
};

/** What AWS replicates telemetry to. */
const REPLICAS = 2;
/** A read that need not see every write before it costs half. */
const EVENTUAL = 0.5;

const costOf = ({ writeUnits, readUnits }: OrderRequests, queueRequests: number): number =>
  writeUnits * REPLICAS * AWS_PRICES.replicatedWriteUnit +
  readUnits * EVENTUAL * AWS_PRICES.readUnit +
  queueRequests * AWS_PRICES.fifoRequest;
