import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredHealing } from "../../../shared/adapters/stored/healing.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import type { Evidence } from "../../../shared/domain/health/evidence.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import type { Alert } from "../../../shared/ports/alerts.ts";
import type { SignedConfiguration } from "../../../shared/ports/healing.ts";
import {
  createRunDiagnostics,
  type RunDiagnosticsDeps,
} from "../../../shared/use-cases/healing/run-diagnostics.ts";
import { NOW_MS } from "../../fixtures/orders.ts";
import { settingsWith, tradingCell } from "../cycle-world.ts";

/** Everything that healing reaches, in memory, with a clock that is set by hand. */
export const healWorld = async (
  given: {
    readonly settings?: Partial<Settings>;
    readonly configuration?: SignedConfiguration;
  } = {},
) => {
  const settings = settingsWith(given.settings);
  const { region } = settings;
  const time = { nowMs: NOW_MS };
  const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const items = createMemoryItemStore();
  const ledger = createStoredLedger(items);
  await ledger.saveCell(tradingCell(settings, NOW_MS), { version: 0, epoch: 0 });
  const telemetry = createStoredTelemetry(createMemoryItemStore(), { region });
  const healing = createStoredHealing(createMemoryItemStore(), { region });
  const alerts: Alert[] = [];
  let ids = 0;
  const deps: RunDiagnosticsDeps = {
    ledger,
    telemetry,
    healing,
    configuration: given.configuration,
    alerts: {
      publish: async (alert) => {
        alerts.push(alert);
      },
    },
    clock,
    random: { next: () => 0.5, id: () => `${++ids}` },
    pause: { wait: async () => undefined },
    settings,
  };
  const prove = (component: string, change: Partial<Evidence> = {}): Promise<void> =>
    telemetry.recordEvidence({
      component,
      atMs: time.nowMs,
      succeeded: true,
      detail: "Well.",
      latencyMs: 1,
      dataAgeMs: null,
      fault: null,
      ...change,
    });
  const proveAll = async (): Promise<void> => {
    for (const component of COMPONENTS) await prove(component);
  };
  return {
    run: createRunDiagnostics(deps),
    deps,
    settings,
    ledger,
    telemetry,
    healing,
    alerts,
    time,
    items,
    prove,
    proveAll,
  };
};

const COMPONENTS = [
  "trading-cycle",
  "market-data",
  "score-signals",
  "reconcile-orders",
  "ledger",
  "broker",
  "flow",
  "aggregate-health",
  "probe",
];
