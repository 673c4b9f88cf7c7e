import type { AlertsStack } from "../../lib/stacks/alerts-stack.ts";
import type { StorageStack } from "../../lib/stacks/storage-stack.ts";
import { TradingStack } from "../../lib/stacks/trading-stack.ts";
import { WorkflowStack } from "../../lib/stacks/workflow-stack.ts";
import { describeStack, peerOf, type Region } from "./region.ts";
import { VENDORS } from "./vendor-addresses.ts";

/** Adds the way of an order: its queues and functions, and then what wakes them. */
export const addTrading = (
  region: Region,
  { storage, alerts }: { readonly storage: StorageStack; readonly alerts: AlertsStack },
): { readonly trading: TradingStack; readonly workflow: WorkflowStack } => {
  const { app, deployment, platform, tables, copies, prefix } = region;
  const { mode, monitorUrl, second, failover, tradesIn } = deployment;
  const trading = new TradingStack(app, `${prefix}-trading`, {
    ...describeStack(region, "queues and functions"),
    platform: { ...platform, faults: storage.faults },
    ledger: tables.ledger,
    telemetry: tables.telemetry,
    alerts: alerts.topic,
    archive: storage.archive,
    locked: storage.locked,
    copies: copies.find(({ target }) => target.region === platform.region)?.stack.bucket,
    broker: storage.broker,
    vendorKeys: storage.vendorKeys,
    flow: storage.flow,
    vendors: VENDORS,
    monitorUrl,
    peerRegion: peerOf(region),
    failover: second === undefined ? undefined : { isAutomatic: failover === "automatic" },
    opensIn: tradesIn,
    namePrefix: `holdfast-${mode}`,
  });
  const workflow = new WorkflowStack(app, `${prefix}-workflow`, {
    ...describeStack(region, "the trading cycle and schedules"),
    platform,
    functions: trading.cycle,
    reconcileOrders: trading.reconcileOrders,
    aggregateHealth: trading.aggregateHealth,
    redriveDeadLetters: trading.redriveDeadLetters,
    probePipeline: trading.probePipeline,
    heal: trading.heal,
    keepAudit: trading.keepAudit,
    keepLease: trading.keepLease,
  });
  return { trading, workflow };
};
