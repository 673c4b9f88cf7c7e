import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRoutes } from "../lambdas/serve-api/routes.ts";
import { sha256 } from "../shared/adapters/host/digest.ts";
import { openDatabase } from "../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../shared/adapters/sqlite/item-store.ts";
import { createStoredLeases } from "../shared/adapters/stored/leases.ts";
import { createStoredLedger } from "../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../shared/adapters/stored/telemetry.ts";
import { assert } from "../shared/domain/assert.ts";
import { COMPONENTS } from "../shared/domain/health/component-registry.ts";
import { NOW_MS, REGION } from "../test/fixtures/orders.ts";
import { settings } from "../test/use-cases/trading-account.ts";
import type { Benchmark } from "./benchmark.ts";
import { percentile } from "./percentile.ts";

const EVIDENCE_EACH = 150;
const WARM_UPS = 20;
const ROUNDS = 300;

/** How long `/api/system/health` takes over full windows of evidence, on SQLite as locally. */
export const healthLatency: Benchmark = {
  name: "health-latency",
  unit: "ms p99",
  goal: { direction: "atMost", value: 50 },
  measure: async (report) => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-health-"));
    const database = openDatabase(join(folder, "store.db"));
    assert(database.ok, "A new file can be opened.");
    const clock = { nowMs: () => NOW_MS + 1_000, monotonicMs: () => performance.now() };
    try {
      const items = createSqliteItemStore(database.value, clock);
      const telemetry = createStoredTelemetry(items, { region: REGION });
      for (const { component } of COMPONENTS) {
        for (let index = 0; index < EVIDENCE_EACH; index++) {
          const atMs = NOW_MS - index * 4_000;
          const detail = `Piece ${index} of work.`;
          const fault = null;
          const common = { component, atMs, detail, fault, latencyMs: 5, dataAgeMs: null };
          await telemetry.recordEvidence({ ...common, succeeded: index % 40 !== 7 });
        }
      }
      const ask = createRoutes({
        ledger: createStoredLedger(items),
        leases: createStoredLeases(items),
        telemetry,
        clock,
        digest: sha256,
        settings,
      })["GET /api/system/health"];
      assert(ask !== undefined, "The health endpoint is a route.");
      const request = { query: {}, parameters: {}, body: undefined, principal: undefined };
      const tookMs: number[] = [];
      for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
        const startedAtMs = performance.now();
        const answer = await ask({ ...request, deadline: { remainingMs: () => 10_000 } });
        JSON.stringify(answer);
        if (round >= WARM_UPS) tookMs.push(performance.now() - startedAtMs);
      }
      const p50 = percentile(tookMs, 0.5).toFixed(1);
      report(`p50 ${p50} ms, ${COMPONENTS.length} components with a full window each.`);
      return { ours: percentile(tookMs, 0.99) };
    } finally {
      database.value.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
