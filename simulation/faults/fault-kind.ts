/**
 * What can go wrong in the simulated world, by the name that a user writes in `--faults`. A port
 * call is any call that production code makes to the outside.
 */
export const FAULT_KINDS = [
  // At every port call.
  "fail-before",
  "fail-after",
  "delay",
  "kill-before",
  "kill-after",
  "zombie",
  // The ledger's store.
  "write-conflict",
  "write-repeated",
  "throttle",
  "region-cut-off",
  // Telemetry's store.
  "replication-lag",
  // Functions.
  "cold-start",
  "clock-skew",
  // Queues.
  "duplicate-message",
  "late-message",
  "reordered-message",
  "lost-removal",
  "delivered-twice",
  // Schedules.
  "slot-late",
  "slot-twice",
  "slot-skipped",
  // The broker.
  "order-request-lost",
  "order-request-late",
  "order-request-twice",
  "order-answer-lost",
  "broker-5xx",
  "broker-5xx-after",
  "broker-429",
  "broker-401",
  "broker-403",
  "broker-422",
  "broker-slow",
  "broker-schema",
  "broker-outage",
  "broker-clock-halted",
  "order-hidden",
  "fill-after-cancel",
  "partial-fills",
  "stale-report",
  "duplicate-report",
  // The vendors of prices and flow.
  "vendor-outage",
  "vendor-schema",
  "stale-prices",
  "wrong-prices",
  "missing-symbols",
  "flow-outage",
  "stale-flow",
  "price-gap",
  // What people and fate do.
  "takeover",
  "operator-halt",
  "operator-flatten",
  "external-fill",
  "external-cancel",
  "corrupt-cell",
  "damaged-history",
  "split",
  "deployment",
  // What stands against health, alerts and the signed configuration.
  "topic-outage",
  "pager-outage",
  "limits-drift",
  "unsigned-deployment",
  "signed-record-lost",
  "probe-order",
  "impatient-healing",
  "ledger-lost",
  "locked-store-outage",
  "cut-off-while-healing",
  // Numbered by its place: what comes later stands behind, and moves no fault of another kind.
  "market-data-backlog",
] as const;

/** One kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault that struck. */
export type InjectedFault = {
  /** Names it within its seed: the same whichever other faults strike, so that it can be left out. */
  readonly number: number;
  /** Virtual epoch ms. */
  readonly atMs: number;
  readonly kind: FaultKind;
  /** The place that it struck: Region, function and port call, queue, schedule or symbol. */
  readonly where: string;
};
