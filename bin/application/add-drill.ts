import type { AlertsStack } from "../../lib/stacks/alerts-stack.ts";
import { DrillStack } from "../../lib/stacks/drill-stack.ts";
import { ExperimentsStack } from "../../lib/stacks/experiments-stack.ts";
import type { MonitoringStack } from "../../lib/stacks/monitoring-stack.ts";
import type { StorageStack } from "../../lib/stacks/storage-stack.ts";
import type { TradingStack } from "../../lib/stacks/trading-stack.ts";
import { describeStack, peerOf, type Region } from "./region.ts";
import { VENDORS } from "./vendor-addresses.ts";

/** Adds what strikes the other Region from this one; nothing where there are no drills. */
export const addDrill = (
  region: Region,
  { storage, alerts }: { readonly storage: StorageStack; readonly alerts: AlertsStack },
): DrillStack | undefined => {
  const { app, deployment, platform, tables, prefix } = region;
  const peerRegion = peerOf(region);
  if (storage.faults === undefined || peerRegion === undefined) return undefined;
  return new DrillStack(app, `${prefix}-drill`, {
    ...describeStack(region, "drills that strike the other Region"),
    platform,
    ledger: tables.ledger,
    telemetry: tables.telemetry,
    alerts: alerts.topic,
    archive: storage.archive,
    broker: storage.broker,
    brokerUrl: VENDORS.brokerUrl,
    peerRegion,
    isMonthly: deployment.drills === "monthly",
  });
};

/** Adds how this Region is struck from the other one; nothing where there are no drills. */
export const addExperiments = (
  region: Region,
  parts: {
    readonly storage: StorageStack;
    readonly trading: TradingStack;
    readonly monitoring: MonitoringStack;
  },
): ExperimentsStack | undefined => {
  const { app, platform, tables, prefix } = region;
  const { faults } = parts.storage;
  const { keepLease, executeOrders, scoreSignals, reconcileOrders, cycle } = parts.trading;
  if (faults === undefined || keepLease === undefined) return undefined;
  return new ExperimentsStack(app, `${prefix}-experiments`, {
    ...describeStack(region, "how this Region is broken on purpose"),
    mode: platform.mode,
    faults,
    keepLease,
    executeOrders,
    others: [cycle.OpenCycle, scoreSignals, reconcileOrders],
    tables: {
      ledger: tables.ledger.tableName,
      telemetry: tables.telemetry.tableName,
    },
    stopAlarms: parts.monitoring.stopAlarms,
  });
};
