import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  SNSEvent,
  SQSBatchResponse,
  SQSEvent,
} from "aws-lambda";
import { createHandler as createAggregateHealth } from "../lambdas/aggregate-health/handler.ts";
import { createHandlers as createBackUp } from "../lambdas/back-up/handler.ts";
import { createHandler as createCloseCycle } from "../lambdas/close-cycle/handler.ts";
import { createHandler as createControlTrading } from "../lambdas/control-trading/handler.ts";
import { createHandler as createExecuteOrders } from "../lambdas/execute-orders/handler.ts";
import { createHandler as createFailOver } from "../lambdas/fail-over/handler.ts";
import { createHandler as createKeepAudit } from "../lambdas/keep-audit/handler.ts";
import { createHandler as createKeepLease } from "../lambdas/keep-lease/handler.ts";
import { createHandler as createNotify } from "../lambdas/notify/handler.ts";
import { createHandler as createOpenCycle } from "../lambdas/open-cycle/handler.ts";
import { createHandler as createPollFlow } from "../lambdas/poll-flow/handler.ts";
import { createHandler as createPollMarketData } from "../lambdas/poll-market-data/handler.ts";
import {
  createHandlers as createRedriveDeadLetters,
  type Redriven,
} from "../lambdas/redrive-dead-letters/handler.ts";
import { createHandler as createProbePipeline } from "../lambdas/probe-pipeline/handler.ts";
import {
  createHandler as createRunDiagnostics,
  type Diagnosed,
} from "../lambdas/run-diagnostics/handler.ts";
import { createHandler as createReconcileOrders } from "../lambdas/reconcile-orders/handler.ts";
import { createHandler as createScoreSignals } from "../lambdas/score-signals/handler.ts";
import { createHandler as createServeApi } from "../lambdas/serve-api/handler.ts";
import { createOwnExports } from "../shared/adapters/backup/own-exports.ts";
import { createStoredBackups } from "../shared/adapters/backup/stored-backups.ts";
import { createMemoryBackupFiles } from "../shared/adapters/memory/backup-files.ts";
import { createMemoryItemStore } from "../shared/adapters/memory/item-store.ts";
import { createProbeVendors } from "../shared/adapters/probe/probe-vendors.ts";
import { createStoredHealing } from "../shared/adapters/stored/healing.ts";
import { createStoredFailoverReports } from "../shared/adapters/stored/failover-reports.ts";
import { createReferencingSender } from "../shared/adapters/stored/body-by-reference.ts";
import { createRecordTicks } from "../shared/use-cases/record-ticks.ts";
import { sha256 } from "../shared/adapters/host/digest.ts";
import { OWN_STORE_POLICY } from "../shared/domain/backup/plan-backup.ts";
import type { SystemHealth } from "../shared/domain/health/system-health.ts";
import { LEASE_POLICY } from "../shared/domain/failover/lease.ts";
import type { Settings } from "../shared/domain/settings.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { MessageSender } from "../shared/ports/message-queue.ts";
import { TIMEOUT_SECONDS, type LimitedFunction } from "../shared/runtime/function-limits.ts";
import type { FunctionHandler, Runtime } from "../shared/runtime/invocation.ts";
import { keepAlerts } from "../shared/use-cases/keep-alerts.ts";
import type { BackupsKept } from "../shared/use-cases/keep-backups.ts";
import { createAuditedHealing } from "../shared/use-cases/audit/audited-healing.ts";
import type { AuditKept } from "../shared/use-cases/audit/keep-audit.ts";
import { createRecordAudit } from "../shared/use-cases/audit/record-audit.ts";
import type { CycleClosed } from "../shared/use-cases/close-cycle.ts";
import type { FailoverStep } from "../shared/use-cases/fail-over.ts";
import type { LeaseKept } from "../shared/use-cases/keep-lease.ts";
import type { MessageReturner } from "../shared/ports/message-queue.ts";
import type { OpenedCycle } from "../shared/use-cases/open-cycle.ts";
import type { FlowPolled } from "../shared/use-cases/poll-flow.ts";
import type { ShardPolled } from "../shared/use-cases/poll/shard-poll.ts";
import { createRepairs } from "../shared/use-cases/healing/read-repairs.ts";
import type { ProbeReport } from "../shared/use-cases/probe/probe-pipeline.ts";
import type { ReconcileReport } from "../shared/use-cases/reconcile-orders.ts";
import { secureEntries } from "../shared/use-cases/secure-entries.ts";
import type { FunctionPorts } from "./function-ports.ts";

/** Every function, called with the event that it gets on AWS. */
export type Functions = {
  /** `{ slot }`, the schedule's ISO time. */
  readonly openCycle: (event: unknown) => Promise<OpenedCycle>;
  /** One element of `openCycle`'s `shards`. */
  readonly pollMarketData: (event: unknown) => Promise<ShardPolled>;
  readonly pollFlow: (event: unknown) => Promise<FlowPolled>;
  readonly closeCycle: (event: unknown) => Promise<CycleClosed>;
  readonly scoreSignals: (event: SQSEvent) => Promise<SQSBatchResponse>;
  readonly executeOrders: (event: SQSEvent) => Promise<SQSBatchResponse>;
  readonly reconcileOrders: (event: unknown) => Promise<ReconcileReport>;
  /** Seals what is new into the audit; nothing where nothing is audited. */
  readonly keepAudit: (event: unknown) => Promise<AuditKept | undefined>;
  /** Only where two Regions are deployed. */
  readonly keepLease: (event: unknown) => Promise<LeaseKept>;
  /** One step of the failover workflow. */
  readonly failOver: (event: unknown) => Promise<FailoverStep>;
  readonly redriveDeadLetters: (event: unknown) => Promise<Redriven>;
  /** The part of the operator's API that is about dead letters. */
  readonly controlDeadLetters: ApiCall;
  /** Brings the ledger's backups on. */
  readonly backUp: (event: unknown) => Promise<BackupsKept>;
  /** The part of the operator's API that is about backups. */
  readonly controlBackups: ApiCall;
  readonly aggregateHealth: (event: unknown) => Promise<SystemHealth>;
  /** Sends a made-up signal the whole way up to a broker that is none. */
  readonly probePipeline: (event: unknown) => Promise<ProbeReport>;
  /** One step of the heal workflow. */
  readonly runDiagnostics: (event: unknown) => Promise<Diagnosed>;
  readonly notify: (event: SNSEvent) => Promise<void>;
  readonly serveApi: ApiCall;
  /** The half of the operator's API that changes something; the event says who asks. */
  readonly controlTrading: ApiCall;
};

/** The queue of exits, as every world names it. */
const EXITS_QUEUE = "exits.fifo";

type ApiCall = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** Builds every function on one world's ports: the same handlers that are deployed. */
export const createFunctions = (
  ports: FunctionPorts,
  settings: Settings,
  runtime: Runtime,
): Functions => {
  const configuration = ports.signedConfiguration;
  const { auditing } = ports;
  const audit =
    auditing === undefined
      ? undefined
      : createRecordAudit({ ...ports, ...auditing, digest: sha256, settings });
  const alerts = keepAlerts({ ...ports, quietHours: settings.quietHours });
  const deps = { ...ports, alerts, audit, settings, digest: sha256, configuration };
  const { queues, deadLettersOf, archive } = ports;
  const messages = createReferencingSender(queues.marketData, archive);
  const recorder =
    ports.ticks === undefined || !settings.recordTicks
      ? undefined
      : createRecordTicks({ ticks: ports.ticks, archive, region: settings.region });
  const marketDataDeadLetters = deadLettersOf?.("market-data");
  const returnsOf = (queueName: string): MessageReturner | undefined =>
    queueName === EXITS_QUEUE ? queues.exits : undefined;
  const deadLetters = once(() => createRedriveDeadLetters(deps, runtime));
  const backUp = once(() =>
    createBackUp({ ...deps, ...(ports.backups ?? noBackups(ports.clock)) }, runtime),
  );
  const invoke = createInvoke(ports);
  const healing =
    ports.healing ?? createStoredHealing(createMemoryItemStore(), { region: settings.region });
  const audited = createAuditedHealing(healing, deps);
  // Where nothing heals, nobody is asked: a replay pays for no look.
  const repairs =
    ports.healing === undefined ? undefined : createRepairs({ healing, clock: ports.clock });
  return {
    openCycle: invoke("open-cycle", () => createOpenCycle(deps, runtime)),
    pollMarketData: invoke("poll-market-data", () =>
      createPollMarketData({ ...deps, messages, recorder, repairs }, runtime),
    ),
    pollFlow: invoke("poll-flow", () => createPollFlow(deps, runtime)),
    closeCycle: invoke("close-cycle", () => createCloseCycle(deps, runtime)),
    scoreSignals: invoke("score-signals", () =>
      createScoreSignals(
        {
          ...deps,
          orders: entriesOf(deps),
          exits: queues.exits,
          ...(marketDataDeadLetters === undefined ? {} : { deadLetters: marketDataDeadLetters }),
        },
        runtime,
      ),
    ),
    executeOrders: invoke("execute-orders", () =>
      createExecuteOrders({ ...deps, returnsOf }, runtime),
    ),
    reconcileOrders: invoke("reconcile-orders", () => createReconcileOrders(deps, runtime)),
    keepAudit:
      auditing === undefined
        ? async () => undefined
        : invoke("keep-audit", () => createKeepAudit({ ...deps, ...auditing }, runtime)),
    keepLease: invoke("keep-lease", () =>
      createKeepLease({ ...deps, policy: LEASE_POLICY, isAutomatic: true }, runtime),
    ),
    failOver: invoke("fail-over", () => createFailOver(deps, runtime)),
    redriveDeadLetters: invoke("redrive-dead-letters", () => deadLetters().tend),
    controlDeadLetters: invoke("redrive-dead-letters", () => deadLetters().answer),
    backUp: invoke("back-up", () => backUp().look),
    controlBackups: invoke("back-up", () => backUp().answer),
    aggregateHealth: invoke("aggregate-health", () => createAggregateHealth(deps, runtime)),
    probePipeline: invoke("probe-pipeline", () =>
      createProbePipeline({ ...deps, connectVendors: createProbeVendors() }, runtime),
    ),
    runDiagnostics: invoke("run-diagnostics", () =>
      createRunDiagnostics({ ...deps, healing: audited }, runtime),
    ),
    notify: invoke("notify", () => createNotify(deps, runtime)),
    serveApi: invoke("serve-api", () =>
      createServeApi({ ...deps, healing, drills: createStoredFailoverReports(archive) }, runtime),
    ),
    controlTrading: invoke("control-trading", () =>
      createControlTrading({ ...deps, exits: queues.exits }, runtime),
    ),
  };
};

/** The way of entries to execution: open only while what decides is what was signed. */
const entriesOf = (
  deps: Pick<FunctionPorts, "queues" | "signing" | "telemetry" | "clock"> & {
    readonly settings: Settings;
  },
): MessageSender =>
  deps.signing === undefined
    ? deps.queues.orders
    : secureEntries(deps.queues.orders, { ...deps, ...deps.signing });

/** A world that keeps no backups has an empty store of them. */
const noBackups = (clock: Clock): NonNullable<FunctionPorts["backups"]> => {
  const files = createMemoryBackupFiles();
  const source = { tableId: async () => "none", read: async () => [] };
  return {
    backups: createStoredBackups(files, "none"),
    exports: createOwnExports({ source, files, clock, table: "none" }),
    policy: OWN_STORE_POLICY,
    records: {
      firstLook: async () => undefined,
      load: async () => undefined,
      save: async () => undefined,
    },
  };
};

/** Makes something when it is asked for first. */
const once = <Made extends object>(make: () => Made): (() => Made) => {
  let made: Made | undefined;
  return () => (made ??= make());
};

/**
 * Gives a handler the context that Lambda gives, with a deadline on the world's own clock. It is
 * made with its first event: an environment of a simulated world calls one function of them all.
 */
const createInvoke =
  ({ clock, random }: Pick<FunctionPorts, "clock" | "random">) =>
  <Event, Answer>(name: LimitedFunction, create: () => FunctionHandler<Event, Answer>) => {
    const handler = once(create);
    return (event: Event): Promise<Answer> => {
      const endsAtMs = clock.monotonicMs() + TIMEOUT_SECONDS[name] * 1_000;
      return handler()(event, {
        awsRequestId: random.id(),
        getRemainingTimeInMillis: () => endsAtMs - clock.monotonicMs(),
      });
    };
  };
