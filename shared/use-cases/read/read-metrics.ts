import type { Evidence } from "../../domain/health/evidence.ts";
import type {
  ComponentLevel,
  SystemHealth,
  SystemLevel,
} from "../../domain/health/system-health.ts";
import type { Funnel } from "../../domain/funnel/funnel.ts";
import type { FeedRecord } from "../../domain/market/feed-record.ts";
import type { SessionDate } from "../../domain/market/session-date.ts";
import type { Order } from "../../domain/orders/order.ts";
import type { ControlCell } from "../../domain/risk/control-cell.ts";
import { shardsOf, type Settings } from "../../domain/settings.ts";
import type { BreakerRecord, BreakerRecords } from "../../ports/breaker-records.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { readSession } from "./read-session.ts";

/** One value with what it is about. */
type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Everything that is measured of one kind; counters begin again with each session. */
export type Measurements = {
  readonly name: string;
  readonly type: "counter" | "gauge" | "summary";
  readonly help: string;
  readonly samples: readonly Sample[];
};

/** What reading metrics needs. */
export type ReadMetricsDeps = {
  /** Derives health, and tells it as the API does. */
  readonly readHealth: () => Promise<SystemHealth>;
  readonly ledger: Pick<Ledger, "loadCell" | "listOrders">;
  readonly telemetry: Pick<Telemetry, "loadFunnel" | "loadFeed" | "loadEvidence">;
  readonly breakers?: Pick<BreakerRecords, "list"> | undefined;
  readonly clock: Clock;
  readonly settings: Settings;
};

const ORDERS_MAX = 1_000;
/** Enough for a quantile of the last hour's work. */
const LATENCIES_MAX = 60;

/** Measures the Region for a collector: health, funnel, orders, vendors, breakers, latencies. */
export const createReadMetrics =
  (deps: ReadMetricsDeps) => async (): Promise<readonly Measurements[]> => {
    const { symbols, shardSize, account } = deps.settings;
    const session = readSession(undefined, deps.clock.nowMs());
    if (!session.ok) return [];
    const [health, cell, orders, funnel, feeds, breakers] = await Promise.all([
      deps.readHealth(),
      deps.ledger.loadCell(account),
      deps.ledger.listOrders(account, session.value, ORDERS_MAX),
      deps.telemetry.loadFunnel(session.value),
      Promise.all(shardsOf(symbols, shardSize).map(({ shard }) => deps.telemetry.loadFeed(shard))),
      deps.breakers?.list() ?? [],
    ]);
    const evidence = await Promise.all(
      health.components.map(({ component }) =>
        deps.telemetry.loadEvidence(component, LATENCIES_MAX),
      ),
    );
    return [
      ...ofHealth(health),
      latencies(evidence.flat()),
      ...ofFunnel(funnel),
      ...(orders.ok ? [ofOrders(orders.value, session.value)] : []),
      ...(cell.ok && cell.value !== undefined ? ofCell(cell.value) : []),
      ...ofFeeds(feeds),
      ofBreakers(breakers),
    ];
  };

const SYSTEM_LEVELS: readonly SystemLevel[] = [
  "OK",
  "DEGRADED",
  "FAILED",
  "FAILED_CONFIG",
  "FAILED_API_SCHEMA",
];
const COMPONENT_LEVELS: readonly ComponentLevel[] = [
  "healthy",
  "degraded",
  "unhealthy",
  "critical",
  "unknown",
];

const gauge = (name: string, help: string, samples: readonly Sample[]): Measurements => ({
  name,
  type: "gauge",
  help,
  samples,
});

/** 1 for what holds and 0 for what does not. */
const oneOf = <Name extends string>(
  label: string,
  names: readonly Name[],
  current: Name,
  labels: Readonly<Record<string, string>> = {},
): readonly Sample[] =>
  names.map((name) => ({ labels: { ...labels, [label]: name }, value: name === current ? 1 : 0 }));

const ofHealth = ({ level, components, atMs }: SystemHealth): readonly Measurements[] => [
  gauge(
    "holdfast_system_health",
    "1 for the system's level.",
    oneOf("level", SYSTEM_LEVELS, level),
  ),
  gauge(
    "holdfast_component_health",
    "1 for the component's level.",
    components.flatMap((one) =>
      oneOf("level", COMPONENT_LEVELS, one.level, { component: one.component }),
    ),
  ),
  gauge(
    "holdfast_component_evidence_age_seconds",
    "Since the component's newest evidence.",
    components.flatMap(({ component, evidenceAtMs }) =>
      evidenceAtMs === null
        ? []
        : [{ labels: { component }, value: Math.max(0, atMs - evidenceAtMs) / 1_000 }],
    ),
  ),
];

const latencies = (evidence: readonly Evidence[]): Measurements => {
  const byComponent = new Map<string, number[]>();
  for (const { component, latencyMs } of evidence) {
    if (latencyMs === null) continue;
    byComponent.set(component, [...(byComponent.get(component) ?? []), latencyMs]);
  }
  return {
    name: "holdfast_work_latency_seconds",
    type: "summary",
    help: "How long the component's newest pieces of work took.",
    samples: [...byComponent].flatMap(([component, values]) => {
      const sorted = values.toSorted((left, right) => left - right);
      return [0.5, 0.95].map((quantile) => {
        const index = Math.min(sorted.length - 1, Math.floor(sorted.length * quantile));
        const labels = { component, quantile: quantile.toString() };
        return { labels, value: (sorted[index] ?? Number.NaN) / 1_000 };
      });
    }),
  };
};

const ofFunnel = ({ passed, stopped }: Funnel): readonly Measurements[] => [
  {
    name: "holdfast_funnel_passed",
    type: "counter",
    help: "Symbols that passed the stage in this session.",
    samples: Object.entries(passed).map(([stage, value]) => ({ labels: { stage }, value })),
  },
  {
    name: "holdfast_funnel_stopped",
    type: "counter",
    help: "Symbols that stopped at the stage in this session, and why.",
    samples: Object.entries(stopped).map(([key, value]) => {
      const [stage = key, ...reason] = key.split(".");
      return { labels: { stage, reason: reason.join(".") }, value };
    }),
  },
];

const ofOrders = (orders: readonly Order[], session: SessionDate): Measurements => {
  const counts = new Map<string, number>();
  for (const { state } of orders) counts.set(state.name, (counts.get(state.name) ?? 0) + 1);
  return gauge(
    "holdfast_orders",
    `The session's orders by where they stand, at most ${ORDERS_MAX} of them.`,
    [...counts].map(([state, value]) => ({ labels: { state, session }, value })),
  );
};

const ofCell = ({ tradingState, reconciliation, inFlight, epoch }: ControlCell) => {
  const unknown = Object.values(inFlight).filter(({ stage }) => stage === "unknown").length;
  const isClean = reconciliation.state === "clean";
  return [
    gauge(
      "holdfast_trading_state",
      "1 for the account's trading state.",
      oneOf("state", ["active", "reducing", "halted"] as const, tradingState.mode),
    ),
    gauge("holdfast_reconciliation_clean", "1 while ledger and broker agree.", [
      { labels: {}, value: isClean ? 1 : 0 },
    ]),
    gauge("holdfast_orders_unknown", "Orders whose fate is not known.", [
      { labels: {}, value: unknown },
    ]),
    gauge("holdfast_ledger_epoch", "Rises with each takeover.", [{ labels: {}, value: epoch }]),
  ];
};

const OUTCOMES = ["answered", "failed", "refused", "notNeeded"] as const;

const ofFeeds = (feeds: readonly (FeedRecord | undefined)[]): readonly Measurements[] => {
  const rows = feeds.flatMap((feed, shard) =>
    (feed?.vendors ?? []).map((row) => ({
      row,
      labels: { vendor: row.vendor, shard: `${shard}` },
    })),
  );
  return [
    gauge(
      "holdfast_vendor_outcome",
      "1 for what became of the vendor in the shard's last poll that was kept.",
      rows.flatMap(({ row, labels }) => oneOf("outcome", OUTCOMES, row.outcome, labels)),
    ),
    gauge(
      "holdfast_vendor_latency_seconds",
      "95 of a hundred of the vendor's answers take at most so long.",
      rows.flatMap(({ row, labels }) =>
        row.p95Ms === null ? [] : [{ labels, value: row.p95Ms / 1_000 }],
      ),
    ),
    gauge(
      "holdfast_vendor_requests_left",
      "Requests that the vendor may still get in this minute.",
      rows.map(({ row, labels }) => ({ labels, value: row.requestsLeft })),
    ),
  ];
};

const ofBreakers = (records: readonly BreakerRecord[]): Measurements =>
  gauge(
    "holdfast_breaker_state",
    "1 for the breaker's state; a vendor that never failed has none.",
    records.flatMap(({ name, breaker }) =>
      oneOf("state", ["closed", "open", "halfOpen"] as const, breaker.state, { breaker: name }),
    ),
  );
