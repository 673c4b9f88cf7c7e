import { join } from "node:path";
import { App, Tags, Validations, type Stack } from "aws-cdk-lib";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { bundledCode } from "../lib/bundled-code.ts";
import { GlobalTableChecks } from "../lib/checks/global-table-checks.ts";
import type { TableLayout } from "../lib/constructs/global-table.ts";
import type { ReplicationTarget } from "../lib/constructs/locked-replication.ts";
import type { Platform } from "../lib/constructs/platform.ts";
import { DeploymentInvalid, parseDeployment, type Deployment } from "../lib/deployment.ts";
import { AlertsStack } from "../lib/stacks/alerts-stack.ts";
import { ApiStack } from "../lib/stacks/api-stack.ts";
import { BackupStack } from "../lib/stacks/backup-stack.ts";
import { CopiesStack } from "../lib/stacks/copies-stack.ts";
import { DrillStack } from "../lib/stacks/drill-stack.ts";
import { ExperimentsStack } from "../lib/stacks/experiments-stack.ts";
import { KeysStack } from "../lib/stacks/keys-stack.ts";
import { MonitoringStack } from "../lib/stacks/monitoring-stack.ts";
import { StorageStack } from "../lib/stacks/storage-stack.ts";
import { TablesStack } from "../lib/stacks/tables-stack.ts";
import { TradingStack, type VendorUrls } from "../lib/stacks/trading-stack.ts";
import { WorkflowStack } from "../lib/stacks/workflow-stack.ts";
import { parseChaosMode } from "../shared/domain/chaos/chaos-mode.ts";
import { hostEnvironment } from "../shared/adapters/host/environment.ts";
import { compactConfiguration } from "../shared/runtime/compact-configuration.ts";
import { requireConfiguration } from "./read-configuration.ts";
import { VerbFault } from "./verb.ts";

/** What an application is made from; everything else are its context values. */
export type AppInput = {
  /** Feature flags and context values; absent under the CDK's CLI, which hands them over itself. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where to write the templates; absent under the CDK's CLI. */
  readonly outputDirectory?: string;
  readonly configurationFile: string;
  /** A directory for each function, as the build leaves them. */
  readonly functionsDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Where the vendors answer. Shadow reads the paper account too: it could not trade by mistake. */
const VENDORS: VendorUrls & { readonly pagerUrl: string } = {
  brokerUrl: "https://paper-api.alpaca.markets",
  marketDataUrl: "https://data.alpaca.markets",
  polygonUrl: "https://api.massive.com",
  yahooUrl: "https://query1.finance.yahoo.com",
  tiingoUrl: "https://api.tiingo.com",
  flowUrl: "https://api.unusualwhales.com",
  pagerUrl: "https://events.pagerduty.com",
};

/**
 * Returns the whole application, checked and not yet written: the only place that knows stages
 * and Regions. Throws `DeploymentInvalid` if a context value or a bundled function is wrong.
 */
export const createApp = (input: AppInput): App => {
  const { context, outputDirectory } = input;
  refuseChaos(input.environment);
  const app = new App({
    ...(context === undefined ? {} : { context: { ...context } }),
    ...(outputDirectory === undefined ? {} : { outdir: outputDirectory }),
  });
  const deployment = parseDeployment(
    (name): unknown => app.node.tryGetContext(name),
    input.environment["CDK_DEFAULT_ACCOUNT"],
  );
  addStacks(app, deployment, input);
  Tags.of(app).add("application", "holdfast");
  Tags.of(app).add("mode", deployment.mode);
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app, { writeSuppressionsToCloudFormation: true }),
    new ServerlessChecks(app),
    new GlobalTableChecks(app),
  );
  return app;
};

/** Nothing is deployed broken: what may be broken is broken by hand, and for minutes. */
const refuseChaos = (environment: AppInput["environment"]): void => {
  if (parseChaosMode(environment["CHAOS_MODE"]) === "off") return;
  throw new DeploymentInvalid(
    "CHAOS_MODE is set: nothing is deployed broken. With the context value chaos=allowed a paper " +
      "deployment can be broken by hand, and mends by itself.",
  );
};

/** The stateful stacks once, then everything that runs in each Region. */
const addStacks = (app: App, deployment: Deployment, input: AppInput): void => {
  const { mode, account, primaryRegion, second } = deployment;
  const prefix = `holdfast-${mode}`;
  const tablesAlias = `alias/${prefix}-tables`;
  const lockedAlias = `alias/${prefix}-locked`;
  const regions = second === undefined ? [primaryRegion] : [primaryRegion, second.region];
  const keysByRegion = regions.map((region) => ({
    region,
    keysStack: new KeysStack(app, `${prefix}-${region}-keys`, {
      env: { account, region },
      description: `Holdfast (${mode}): keys.`,
      terminationProtection: true,
      tablesAlias,
      lockedAlias,
      policy: {
        alias: `alias/${prefix}-policy`,
        // One for all Regions: who signs does so for each of them in one go.
        signerArn: deployment.policySigner ?? bootstrapRole(account, primaryRegion),
      },
    }),
  }));
  const [primary] = keysByRegion;
  if (primary === undefined) return;
  const tables = new TablesStack(app, `${prefix}-${primaryRegion}-tables`, {
    env: { account, region: primaryRegion },
    description: `Holdfast (${mode}): ledger and telemetry.`,
    terminationProtection: true,
    key: primary.keysStack.keys.tables,
    layout: tableLayout(deployment, tablesAlias),
  });
  for (const { keysStack } of keysByRegion) tables.addStackDependency(keysStack);
  const configuration = deployedConfiguration(input);
  const code = bundledCode(input.functionsDirectory);
  const copies = second === undefined ? [] : addCopies(app, deployment, keysByRegion);
  const running = new Map<string, readonly Stack[]>();
  for (const { region, keysStack } of keysByRegion) {
    const { keys } = keysStack;
    const platform = { mode, region, configuration, keys, code, chaos: deployment.chaos };
    const regionPrefix = `${prefix}-${region}`;
    const parts = { deployment, platform, tables, copies, prefix: regionPrefix };
    running.set(region, addRegion(app, parts));
  }
  deployPassiveFirst(running, deployment.tradesIn);
};

/** A change runs where it cannot trade before it comes to where it can, and fails there first. */
const deployPassiveFirst = (
  running: ReadonlyMap<string, readonly Stack[]>,
  tradesIn: string,
): void => {
  const passive = [...running].flatMap(([region, stacks]) => (region === tradesIn ? [] : stacks));
  for (const stack of running.get(tradesIn) ?? []) {
    for (const earlier of passive) stack.addStackDependency(earlier);
  }
};

/** The role that deploys, as bootstrapping an account for the CDK names it. */
const bootstrapRole = (account: string, region: string): string =>
  `arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-${account}-${region}`;

/** A bucket in each Region for what the other one locks, before either locks anything. */
const addCopies = (
  app: App,
  { mode, account, lockDays }: Deployment,
  regions: readonly { readonly region: string; readonly keysStack: KeysStack }[],
): readonly Copies[] =>
  regions.map(({ region, keysStack }) => {
    const bucketName = `holdfast-${mode}-copies-${region}-${account}`;
    const stack = new CopiesStack(app, `holdfast-${mode}-${region}-copies`, {
      env: { account, region },
      description: `Holdfast (${mode}): copies of what the other Region locks.`,
      terminationProtection: true,
      key: keysStack.keys.locked,
      lockDays,
      bucketName,
    });
    return { stack, target: { region, bucketName, keyAlias: `alias/holdfast-${mode}-locked` } };
  });

/** Where one Region's locked objects are copied to. */
type Copies = { readonly stack: CopiesStack; readonly target: ReplicationTarget };

type RegionInput = {
  readonly deployment: Deployment;
  readonly platform: Platform;
  readonly tables: TablesStack;
  /** Of both Regions; none where there is one. */
  readonly copies: readonly Copies[];
  /** Begins the names of the Region's stacks, queues and alarms. */
  readonly prefix: string;
};

/** Everything that runs in one Region; returns its stacks but those that keep something. */
const addRegion = (
  app: App,
  { deployment, platform, tables, copies, prefix }: RegionInput,
): readonly Stack[] => {
  const { alarmEmail, runbooks } = deployment;
  const { region, keys, mode } = platform;
  const peerRegion = peerOf(deployment, region);
  const describe = describing(deployment, platform);
  const { ledger, telemetry } = tables;
  const other = copies.find(({ target }) => target.region !== region);
  const storage = new StorageStack(app, `${prefix}-storage`, {
    ...describe("archive and credentials"),
    terminationProtection: true,
    keys,
    lockDays: deployment.lockDays,
    copies: other?.target,
    hasDrills: deployment.drills !== "none",
  });
  // S3 copies only into a bucket that is there.
  if (other !== undefined) storage.addStackDependency(other.stack);
  const alerts = new AlertsStack(app, `${prefix}-alerts`, {
    ...describe("alerts"),
    platform,
    telemetry,
    pager: storage.pager,
    pagerUrl: VENDORS.pagerUrl,
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  });
  const trading = new TradingStack(app, `${prefix}-trading`, {
    ...describe("queues and functions"),
    platform: { ...platform, faults: storage.faults },
    ledger,
    telemetry,
    alerts: alerts.topic,
    archive: storage.archive,
    locked: storage.locked,
    copies: copies.find(({ target }) => target.region === region)?.stack.bucket,
    broker: storage.broker,
    vendorKeys: storage.vendorKeys,
    flow: storage.flow,
    vendors: VENDORS,
    monitorUrl: deployment.monitorUrl,
    peerRegion,
    failover:
      deployment.second === undefined
        ? undefined
        : { isAutomatic: deployment.failover === "automatic" },
    opensIn: deployment.tradesIn,
    namePrefix: `holdfast-${mode}`,
  });
  const workflow = new WorkflowStack(app, `${prefix}-workflow`, {
    ...describe("the trading cycle and schedules"),
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
  const backup = addBackup(app, { deployment, platform, prefix, tables, storage, alerts });
  const api = addApi(app, { deployment, platform, prefix, trading, backup });
  const drill = addDrill(app, { deployment, platform, prefix, tables, storage, alerts });
  const monitoring = new MonitoringStack(app, `${prefix}-monitoring`, {
    ...describe("alarms and dashboards"),
    namePrefix: prefix,
    mode: platform.mode,
    runbooks,
    alerts: alerts.topic,
    tables: { ledger, telemetry },
    watched: [storage, workflow, trading, alerts, backup, api, drill].flatMap(
      (one) => one?.watched ?? [],
    ),
  });
  const experiments = addExperiments(app, {
    deployment,
    platform,
    prefix,
    tables,
    storage,
    trading,
    monitoring,
  });
  // The tables' name alone, which another Region knows beforehand, makes no dependency.
  for (const stack of [alerts, trading, backup, monitoring]) stack.addStackDependency(tables);
  const stacks = [alerts, trading, workflow, backup, api, drill, monitoring, experiments];
  return stacks.filter((stack) => stack !== undefined);
};

/** What belongs to one Region, as far as it stands. */
type RegionParts = Pick<RegionInput, "deployment" | "platform" | "prefix" | "tables"> & {
  readonly storage: StorageStack;
  readonly alerts: AlertsStack;
  readonly trading: TradingStack;
  readonly monitoring: MonitoringStack;
};

/** The other Region; none where there is one. */
const peerOf = ({ primaryRegion, second }: Deployment, region: string): string | undefined =>
  [primaryRegion, second?.region].find((other) => other !== undefined && other !== region);

const describing =
  ({ account }: Deployment, { mode, region }: Platform) =>
  (what: string) => ({ env: { account, region }, description: `Holdfast (${mode}): ${what}.` });

/** Exports of the ledger, and the nightly proof of them. */
const addBackup = (
  app: App,
  {
    deployment,
    platform,
    prefix,
    tables: { ledger, telemetry },
    storage: { locked },
    alerts: { topic },
  }: Omit<RegionParts, "trading" | "monitoring">,
): BackupStack =>
  new BackupStack(app, `${prefix}-backup`, {
    ...describing(deployment, platform)("exports of the ledger and their proof"),
    platform,
    ledger,
    telemetry,
    alerts: topic,
    locked,
  });

/** Only where somebody vouches for the operators: it is never open. */
const addApi = (
  app: App,
  {
    deployment,
    platform,
    prefix,
    trading,
    backup,
  }: Pick<RegionParts, RegionBase | "trading"> & { readonly backup: BackupStack },
): ApiStack | undefined =>
  deployment.identity === undefined
    ? undefined
    : new ApiStack(app, `${prefix}-api`, {
        ...describing(deployment, platform)("the operator's API"),
        identity: deployment.identity,
        reader: trading.serveApi,
        control: trading.controlTrading,
        deadLetters: trading.redriveDeadLetters,
        backUp: backup.backUp,
        logsKey: platform.keys.logs,
      });

type RegionBase = "deployment" | "platform" | "prefix";

/** What strikes the other Region from this one. */
const addDrill = (
  app: App,
  {
    deployment,
    platform,
    prefix,
    tables,
    storage,
    alerts,
  }: Omit<RegionParts, "trading" | "monitoring">,
): DrillStack | undefined => {
  const peerRegion = peerOf(deployment, platform.region);
  if (storage.faults === undefined || peerRegion === undefined) return undefined;
  return new DrillStack(app, `${prefix}-drill`, {
    ...describing(deployment, platform)("drills that strike the other Region"),
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

/** How this Region is struck from the other one. */
const addExperiments = (
  app: App,
  {
    deployment,
    platform,
    prefix,
    tables,
    storage,
    trading,
    monitoring,
  }: Omit<RegionParts, "alerts">,
): ExperimentsStack | undefined => {
  const { keepLease, executeOrders, scoreSignals, reconcileOrders } = trading;
  if (storage.faults === undefined || keepLease === undefined) return undefined;
  const { ledger, telemetry } = tables;
  return new ExperimentsStack(app, `${prefix}-experiments`, {
    ...describing(deployment, platform)("how this Region is broken on purpose"),
    mode: platform.mode,
    faults: storage.faults,
    keepLease,
    executeOrders,
    others: [trading.cycle.OpenCycle, scoreSignals, reconcileOrders],
    tables: { ledger: ledger.table.tableName, telemetry: telemetry.table.tableName },
    stopAlarms: monitoring.stopAlarms,
  });
};

/** A function's environment holds 4 KiB; the configuration may take this much of it. */
const CONFIGURATION_BYTES_MAX = 2_560;

const deployedConfiguration = ({ configurationFile, environment }: AppInput): string => {
  const text = compactConfiguration(requireConfiguration(configurationFile, environment));
  const bytes = Buffer.byteLength(text);
  if (bytes <= CONFIGURATION_BYTES_MAX) return text;
  throw new DeploymentInvalid(
    `${configurationFile} takes ${bytes} bytes without its defaults; ` +
      `a function's environment has room for ${CONFIGURATION_BYTES_MAX}.`,
  );
};

const tableLayout = ({ account, second }: Deployment, tablesAlias: string): TableLayout =>
  second === undefined
    ? { type: "oneRegion" }
    : {
        type: "twoRegions",
        replicaRegion: second.region,
        replicaKeyArn: `arn:aws:kms:${second.region}:${account}:${tablesAlias}`,
        witnessRegion: second.witness,
      };

if (import.meta.main) {
  try {
    createApp({
      configurationFile: "holdfast.yaml",
      functionsDirectory: join("dist", "functions"),
      environment: hostEnvironment(),
    });
  } catch (error) {
    // What the operator can put right is one sentence; anything else is a bug and keeps its stack.
    if (!(error instanceof DeploymentInvalid || error instanceof VerbFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 64;
  }
}
