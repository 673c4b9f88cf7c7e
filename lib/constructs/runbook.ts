/** The pages under docs/runbooks that alarms and alerts link to: one for each kind. */
export type RunbookPage =
  | "alerts-undelivered"
  | "api-errors"
  | "control-cell-damaged"
  | "control-trading-errors"
  | "dead-letters"
  | "function-errors"
  | "function-slow"
  | "function-throttled"
  | "heartbeat-missing"
  | "ledger-broker-differ"
  | "queue-stuck"
  | "system-health"
  | "table-errors"
  | "trading-cycle-failed"
  | "trading-halted"
  | "trading-reducing"
  | "trading-resume";
