/** The pages under docs/runbooks that alarms link to: one for each kind of alarm. */
export type RunbookPage =
  | "alerts-undelivered"
  | "api-errors"
  | "dead-letters"
  | "function-errors"
  | "function-slow"
  | "function-throttled"
  | "heartbeat-missing"
  | "queue-stuck"
  | "table-errors"
  | "trading-cycle-failed";
