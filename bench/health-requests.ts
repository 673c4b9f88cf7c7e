import { createMemoryAlerts } from "../shared/adapters/memory/alerts.ts";
import { createMemoryItemStore } from "../shared/adapters/memory/item-store.ts";
import { createStoredTelemetry } from "../shared/adapters/stored/telemetry.ts";
import { COMPONENTS } from "../shared/domain/health/component-registry.ts";
import { createAggregateHealth } from "../shared/use-cases/aggregate-health.ts";
import { NOW_MS, REGION } from "../test/fixtures/orders.ts";
import { settings } from "../test/use-cases/trading-account.ts";
import type { Benchmark } from "./benchmark.ts";
import { countItems, type ItemCounts } from "./count-items.ts";

const MINUTES_A_DAY = 1_440;
const ROUNDS = 60;
const MINUTE_MS = 60_000;

const aDay = (count: number): number => (count / ROUNDS) * MINUTES_A_DAY;

/** Requests to the telemetry table that deriving health makes on a day on which all is well. */
export const healthRequests: Benchmark = {
  name: "health-requests",
  unit: "requests a day",
  goal: undefined,
  measure: async (report) => {
    let nowMs = NOW_MS;
    const counted: ItemCounts = { reads: [], writes: [] };
    const store = countItems(createMemoryItemStore(), counted);
    const telemetry = createStoredTelemetry(store, { region: REGION });
    const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
    const alerts = createMemoryAlerts();
    const aggregate = createAggregateHealth({ telemetry, alerts, clock, settings });
    const proofs = async (): Promise<void> => {
      for (const { component } of COMPONENTS) {
        const common = { component, atMs: nowMs, succeeded: true, detail: "It worked." };
        const figures = { latencyMs: 5, dataAgeMs: null, fault: null };
        await telemetry.recordEvidence({ ...common, ...figures });
      }
    };
    await proofs();
    await aggregate();
    const total = { reads: 0, writes: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      nowMs += MINUTE_MS;
      await proofs();
      counted.reads.length = 0;
      counted.writes.length = 0;
      await aggregate();
      total.reads += counted.reads.length;
      total.writes += counted.writes.length;
    }
    report(`${aDay(total.reads).toFixed(0)} reads and ${aDay(total.writes).toFixed(0)} writes.`);
    return { ours: aDay(total.reads + total.writes) };
  },
};
