/** How long one invocation of each function may take, seconds: deployed, replayed and simulated. */
export const TIMEOUT_SECONDS = {
  "open-cycle": 12,
  "poll-market-data": 20,
  "poll-flow": 25,
  "close-cycle": 6,
  "score-signals": 20,
  "execute-orders": 15,
  "reconcile-orders": 50,
  "redrive-dead-letters": 29,
  "keep-lease": 150,
  "keep-audit": 50,
  "probe-pipeline": 20,
  "run-diagnostics": 35,
  // It waits 45 s for orders to settle where a failover was planned.
  "fail-over": 58,
  "drill-failover": 58,
  "watch-drills": 30,
  "aggregate-health": 20,
  notify: 15,
  // API Gateway waits for 30 s at most.
  "back-up": 29,
  "verify-restore": 300,
  "serve-api": 10,
  "control-trading": 29,
} as const;

/** A function that has a time-out of its own. */
export type LimitedFunction = keyof typeof TIMEOUT_SECONDS;

/** SQS asks that a message stays invisible for six time-outs of the function that reads it. */
export const VISIBILITY_TIMEOUTS = 6;

/** The same for one function, milliseconds. */
export const visibilityMsOf = (consumer: LimitedFunction): number =>
  VISIBILITY_TIMEOUTS * TIMEOUT_SECONDS[consumer] * 1_000;
