import type { Stack } from "aws-cdk-lib";
import { AlertsStack } from "../../lib/stacks/alerts-stack.ts";
import { BackupStack } from "../../lib/stacks/backup-stack.ts";
import { MonitoringStack } from "../../lib/stacks/monitoring-stack.ts";
import { addApi } from "./add-api.ts";
import { addDrill, addExperiments } from "./add-drill.ts";
import { addStorage } from "./add-storage.ts";
import { addTrading } from "./add-trading.ts";
import { describeStack, type Region } from "./region.ts";
import { VENDORS } from "./vendor-addresses.ts";

/** Adds everything that runs in one Region; returns its stacks but those that keep something. */
export const addRegion = (region: Region): readonly Stack[] => {
  const { app, deployment, platform, tables, prefix } = region;
  const { alarmEmail, runbooks } = deployment;
  const { ledger, telemetry } = tables;
  const storage = addStorage(region);
  const alerts = new AlertsStack(app, `${prefix}-alerts`, {
    ...describeStack(region, "alerts"),
    platform,
    telemetry,
    pager: storage.pager,
    pagerUrl: VENDORS.pagerUrl,
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  });
  const { trading, workflow } = addTrading(region, { storage, alerts });
  const backup = new BackupStack(app, `${prefix}-backup`, {
    ...describeStack(region, "exports of the ledger and their proof"),
    platform,
    ledger,
    telemetry,
    alerts: alerts.topic,
    locked: storage.locked,
  });
  const api = addApi(region, { trading, backup });
  const drill = addDrill(region, { storage, alerts });
  const monitoring = new MonitoringStack(app, `${prefix}-monitoring`, {
    ...describeStack(region, "alarms and dashboards"),
    namePrefix: prefix,
    mode: platform.mode,
    runbooks,
    alerts: alerts.topic,
    tables: { ledger, telemetry },
    watched: [storage, workflow, trading, alerts, backup, api, drill].flatMap(
      (one) => one?.watched ?? [],
    ),
  });
  const experiments = addExperiments(region, { storage, trading, monitoring });
  // The tables' name alone, which another Region knows beforehand, makes no dependency.
  for (const stack of [alerts, trading, backup, monitoring]) stack.addStackDependency(tables);
  const stacks = [alerts, trading, workflow, backup, api, drill, monitoring, experiments];
  return stacks.filter((stack) => stack !== undefined);
};
