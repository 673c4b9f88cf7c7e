import type { Functions } from "../../local/functions.ts";
import type { LambdaOptions } from "../services/lambda.ts";
import type { FunctionName } from "../observation.ts";

/** How each function is deployed, and which of a world's functions it is. */
export type DeployedFunction = Omit<LambdaOptions, "name"> & {
  readonly key: keyof Functions | "keepLease";
};

/** What an account runs of a function at once where nothing else is said. */
const UNRESERVED = 100;

/** Time-outs and reserved concurrency as the stacks have them; a test holds the two together. */
export const DEPLOYED: Readonly<Record<FunctionName, DeployedFunction>> = {
  "open-cycle": { key: "openCycle", timeoutMs: 12_000, concurrencyMax: UNRESERVED },
  "poll-market-data": { key: "pollMarketData", timeoutMs: 20_000, concurrencyMax: UNRESERVED },
  "poll-flow": { key: "pollFlow", timeoutMs: 25_000, concurrencyMax: UNRESERVED },
  "close-cycle": { key: "closeCycle", timeoutMs: 6_000, concurrencyMax: UNRESERVED },
  "score-signals": { key: "scoreSignals", timeoutMs: 20_000, concurrencyMax: UNRESERVED },
  "execute-orders": { key: "executeOrders", timeoutMs: 15_000, concurrencyMax: 4 },
  "reconcile-orders": { key: "reconcileOrders", timeoutMs: 50_000, concurrencyMax: 1 },
  "aggregate-health": { key: "aggregateHealth", timeoutMs: 20_000, concurrencyMax: 1 },
  notify: { key: "notify", timeoutMs: 15_000, concurrencyMax: UNRESERVED },
  "control-trading": { key: "controlTrading", timeoutMs: 29_000, concurrencyMax: 2 },
  "keep-lease": { key: "keepLease", timeoutMs: 30_000, concurrencyMax: UNRESERVED },
};

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

/** Queues as they are deployed: six time-outs of visibility, and so many deliveries. */
export const QUEUES = {
  "market-data": {
    options: { kind: "standard", visibilityTimeoutMs: 120_000, maxReceiveCount: 3 },
    batchSize: 5,
    concurrencyMax: 10,
  },
  "orders.fifo": {
    options: { kind: "fifo", visibilityTimeoutMs: 90_000, maxReceiveCount: 5 },
    batchSize: 1,
    concurrencyMax: 2,
  },
  "exits.fifo": {
    options: { kind: "fifo", visibilityTimeoutMs: 90_000, maxReceiveCount: 5 },
    batchSize: 1,
    concurrencyMax: 2,
  },
} as const;
