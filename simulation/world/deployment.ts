import type { Functions } from "../../local/functions.ts";
import type { LambdaOptions } from "../services/lambda.ts";
import type { FunctionName } from "../observation.ts";
import { TIMEOUT_SECONDS, visibilityMsOf } from "../../shared/runtime/function-limits.ts";

/** How each function is deployed, and which of a world's functions it is. */
export type DeployedFunction = Pick<LambdaOptions, "concurrencyMax"> & {
  readonly key: keyof Functions | "failover";
};

/** What an account runs of a function at once where nothing else is said. */
const UNRESERVED = 100;

/** Reserved concurrency as the stacks have it; a test holds the two together. */
export const DEPLOYED: Readonly<Record<FunctionName, DeployedFunction>> = {
  "open-cycle": { key: "openCycle", concurrencyMax: UNRESERVED },
  "poll-market-data": { key: "pollMarketData", concurrencyMax: UNRESERVED },
  "poll-flow": { key: "pollFlow", concurrencyMax: UNRESERVED },
  "close-cycle": { key: "closeCycle", concurrencyMax: UNRESERVED },
  "score-signals": { key: "scoreSignals", concurrencyMax: UNRESERVED },
  "execute-orders": { key: "executeOrders", concurrencyMax: 4 },
  "reconcile-orders": { key: "reconcileOrders", concurrencyMax: 1 },
  "aggregate-health": { key: "aggregateHealth", concurrencyMax: 1 },
  notify: { key: "notify", concurrencyMax: UNRESERVED },
  "control-trading": { key: "controlTrading", concurrencyMax: 2 },
  "keep-lease": { key: "keepLease", concurrencyMax: 3 },
  "keep-audit": { key: "keepAudit", concurrencyMax: 1 },
  "redrive-dead-letters": { key: "redriveDeadLetters", concurrencyMax: 1 },
  "probe-pipeline": { key: "probePipeline", concurrencyMax: 1 },
  "run-diagnostics": { key: "runDiagnostics", concurrencyMax: 1 },
  failover: { key: "failover", concurrencyMax: 1 },
};

/** What a person who plans a takeover waits for. */
const FAILOVER_SECONDS = 60;

/** How long an invocation may take. */
export const timeoutMsOf = (name: FunctionName): number =>
  1_000 * (name === "failover" ? FAILOVER_SECONDS : TIMEOUT_SECONDS[name]);

/** The names of all functions. */
export const FUNCTION_NAMES = Object.keys(DEPLOYED) as readonly FunctionName[];

/** Tasks of the trading cycle give up after so long, and the workflow as a whole. */
export const TASK_LIMITS_MS = {
  OpenCycle: 14_000,
  PollMarketData: 22_000,
  PollFlow: 27_000,
  CloseCycle: 8_000,
  workflow: 55_000,
} as const;

/** Tasks of the heal workflow give up after so long; `LetItWork` and `BackOff` are what it waits. */
export const HEAL_LIMITS_MS = {
  Diagnose: 40_000,
  Apply: 40_000,
  PollFlow: 30_000,
  ReconcileOrders: 60_000,
  RedriveDeadLetters: 35_000,
  LetItWork: 75_000,
  Probe: 30_000,
  ProbeAgain: 30_000,
  Verify: 40_000,
  GiveUp: 40_000,
  BackOff: 30_000,
  workflow: 1_800_000,
} as const;

const INTENTS = {
  kind: "fifo",
  visibilityTimeoutMs: visibilityMsOf("execute-orders"),
  maxReceiveCount: 5,
} as const;

/** Queues as they are deployed: six time-outs of visibility, and so many deliveries. */
export const QUEUES = {
  "market-data": {
    options: {
      kind: "standard",
      visibilityTimeoutMs: visibilityMsOf("score-signals"),
      maxReceiveCount: 3,
    },
    batchSize: 5,
    concurrencyMax: 10,
  },
  "orders.fifo": {
    options: INTENTS,
    batchSize: 1,
    concurrencyMax: 2,
  },
  "exits.fifo": {
    options: INTENTS,
    batchSize: 1,
    concurrencyMax: 2,
  },
} as const;
