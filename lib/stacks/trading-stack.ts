import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { AlertsTopic } from "../constructs/alerts-topic.ts";
import type { ArchiveBucket } from "../constructs/archive-bucket.ts";
import { DeadLetterQueue } from "../constructs/dead-letter-queue.ts";
import { AggregateHealth } from "../constructs/functions/aggregate-health.ts";
import { CloseCycle } from "../constructs/functions/close-cycle.ts";
import { ControlTrading } from "../constructs/functions/control-trading.ts";
import { EXECUTE_ORDERS_TIMEOUT, ExecuteOrders } from "../constructs/functions/execute-orders.ts";
import { FailOver } from "../constructs/functions/fail-over.ts";
import { KeepAudit } from "../constructs/functions/keep-audit.ts";
import { KeepLease } from "../constructs/functions/keep-lease.ts";
import { OpenCycle } from "../constructs/functions/open-cycle.ts";
import { PollFlow } from "../constructs/functions/poll-flow.ts";
import { PollMarketData } from "../constructs/functions/poll-market-data.ts";
import { ProbePipeline } from "../constructs/functions/probe-pipeline.ts";
import { RedriveDeadLetters } from "../constructs/functions/redrive-dead-letters.ts";
import { ReconcileOrders } from "../constructs/functions/reconcile-orders.ts";
import { RunDiagnostics } from "../constructs/functions/run-diagnostics.ts";
import { SCORE_SIGNALS_TIMEOUT, ScoreSignals } from "../constructs/functions/score-signals.ts";
import { ServeApi } from "../constructs/functions/serve-api.ts";
import { FailoverWorkflow } from "../constructs/failover-workflow.ts";
import { HealWorkflow } from "../constructs/heal-workflow.ts";
import type { LedgerTable } from "../constructs/ledger-table.ts";
import type { LockedBucket } from "../constructs/locked-bucket.ts";
import type { Platform } from "../constructs/platform.ts";
import type { TelemetryTable } from "../constructs/telemetry-table.ts";
import type { TradingCycleFunctions } from "../constructs/trading-cycle.ts";
import type { VendorSecret } from "../constructs/vendor-secret.ts";
import type { Watched } from "../constructs/watched.ts";
import { WorkerQueue } from "../constructs/worker-queue.ts";

/** Addresses of the vendors. */
export type VendorUrls = {
  readonly brokerUrl: string;
  /** Alpaca's market data. */
  readonly marketDataUrl: string;
  readonly polygonUrl: string;
  readonly yahooUrl: string;
  readonly tiingoUrl: string;
  readonly flowUrl: string;
};

/** What trading reaches. */
export type TradingStackProps = StackProps & {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly locked: LockedBucket;
  /** What the other Region's locked bucket is copied into; absent where there is one Region. */
  readonly copies: LockedBucket | undefined;
  readonly broker: VendorSecret;
  readonly vendorKeys: VendorSecret;
  readonly flow: VendorSecret;
  readonly vendors: VendorUrls;
  /** The other Region; absent where there is one. */
  readonly peerRegion?: string | undefined;
  /** Somebody outside who is told each minute that all is well enough. */
  readonly monitorUrl?: string | undefined;
  /** How a dead Region is replaced; absent where there is one Region, which has no lease. */
  readonly failover: { readonly isAutomatic: boolean } | undefined;
  /** The one Region that may open an account that is new. */
  readonly opensIn: string;
  /** Begins the names of the FIFO queues. */
  readonly namePrefix: string;
};

/** The way of an order: queues, and the functions between them. */
export class TradingStack extends Stack {
  /** What the trading cycle starts. */
  readonly cycle: TradingCycleFunctions;
  readonly scoreSignals: ScoreSignals;
  readonly executeOrders: ExecuteOrders;
  readonly reconcileOrders: ReconcileOrders;
  readonly aggregateHealth: AggregateHealth;
  readonly redriveDeadLetters: RedriveDeadLetters;
  readonly probePipeline: ProbePipeline;
  readonly runDiagnostics: RunDiagnostics;
  readonly keepAudit: KeepAudit;
  readonly keepLease: KeepLease | undefined;
  readonly serveApi: ServeApi;
  readonly controlTrading: ControlTrading;
  readonly heal: HealWorkflow;
  readonly watched: readonly Watched[];

  constructor(scope: Construct, id: string, props: TradingStackProps) {
    super(scope, id, props);
    const { platform, namePrefix } = props;
    const reach = { ...props, ...props.vendors };
    const marketData = createMarketData(this, platform);
    const orders = createIntents(this, "orders", { platform, namePrefix });
    const exits = createIntents(this, "exits", { platform, namePrefix });
    const failures = new DeadLetterQueue(this, "failed-runs", {
      key: platform.keys.messages,
      errorImpact: "A scheduled run of reconciliation, health or redriving failed for good.",
    });

    this.cycle = {
      OpenCycle: new OpenCycle(this, reach),
      PollMarketData: new PollMarketData(this, { ...reach, marketData }),
      PollFlow: new PollFlow(this, reach),
      CloseCycle: new CloseCycle(this, reach),
    };
    this.scoreSignals = new ScoreSignals(this, { ...reach, marketData, orders, exits });
    this.executeOrders = new ExecuteOrders(this, { ...reach, orders, exits });
    this.reconcileOrders = new ReconcileOrders(this, { ...reach, failures });
    this.aggregateHealth = new AggregateHealth(this, { ...reach, failures });
    const queues = { marketData, orders, exits };
    this.redriveDeadLetters = new RedriveDeadLetters(this, { ...reach, ...queues, failures });
    this.probePipeline = new ProbePipeline(this, { ...reach, failures });
    this.runDiagnostics = new RunDiagnostics(this, { ...reach, ...queues });
    this.keepAudit = new KeepAudit(this, { ...reach, failures });
    const isFailoverAutomatic = props.failover?.isAutomatic;
    this.keepLease =
      isFailoverAutomatic === undefined
        ? undefined
        : new KeepLease(this, { ...reach, failures, isFailoverAutomatic });
    const failOver = props.failover === undefined ? undefined : new FailOver(this, reach);
    const failover =
      failOver === undefined
        ? undefined
        : new FailoverWorkflow(this, "failover", { failOver, logsKey: platform.keys.logs });
    this.serveApi = new ServeApi(this, reach);
    this.heal = new HealWorkflow(this, "heal", {
      functions: {
        RunDiagnostics: this.runDiagnostics,
        ProbePipeline: this.probePipeline,
        PollFlow: this.cycle.PollFlow,
        ReconcileOrders: this.reconcileOrders,
        RedriveDeadLetters: this.redriveDeadLetters,
      },
      logsKey: platform.keys.logs,
    });
    this.controlTrading = new ControlTrading(this, { ...reach, exits, heal: this.heal, failover });

    marketData.feed(this.scoreSignals, { batchSize: 5, concurrencyMax: 10 });
    // One message an invocation: what waits behind a failing order of its group is then neither
    // received nor counted, and cannot die with it.
    for (const intents of [orders, exits]) {
      intents.feed(this.executeOrders, { batchSize: 1, concurrencyMax: 2 });
    }
    this.watched = [
      ...Object.values(this.cycle),
      marketData,
      this.scoreSignals,
      orders,
      exits,
      this.executeOrders,
      this.reconcileOrders,
      this.aggregateHealth,
      this.redriveDeadLetters,
      this.probePipeline,
      this.runDiagnostics,
      this.keepAudit,
      ...[this.keepLease, failOver, failover].filter((one) => one !== undefined),
      failures,
      this.serveApi,
      this.controlTrading,
      this.heal,
    ];
  }
}

const createMarketData = (scope: Construct, platform: Platform): WorkerQueue =>
  new WorkerQueue(scope, "market-data", {
    key: platform.keys.messages,
    errorImpact: "Quotes are not scored: no new signals, and exits are decided late.",
    consumerTimeout: SCORE_SIGNALS_TIMEOUT,
    receivesMax: 3,
    ageMax: Duration.minutes(3),
    kind: { type: "standard" },
  });

const INTENT_IMPACT = {
  orders: "Entries are not sent: they expire unsent.",
  exits: "Exits are not sent: positions stay open against a decision to close them.",
} as const;

const createIntents = (
  scope: Construct,
  name: keyof typeof INTENT_IMPACT,
  { platform, namePrefix }: { readonly platform: Platform; readonly namePrefix: string },
): WorkerQueue =>
  new WorkerQueue(scope, name, {
    key: platform.keys.messages,
    errorImpact: INTENT_IMPACT[name],
    consumerTimeout: EXECUTE_ORDERS_TIMEOUT,
    receivesMax: 5,
    ageMax: Duration.minutes(2),
    kind: { type: "fifo", name: `${namePrefix}-${name}` },
  });
