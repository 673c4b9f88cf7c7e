import type * as z from "zod/mini";
import { EquityBody, PositionsBody } from "../../shared/adapters/holdfast-api/contract/account.ts";
import { ChaosBody } from "../../shared/adapters/holdfast-api/contract/chaos.ts";
import { CycleBody } from "../../shared/adapters/holdfast-api/contract/cycle.ts";
import { FunnelBody } from "../../shared/adapters/holdfast-api/contract/funnel.ts";
import { HealthBody } from "../../shared/adapters/holdfast-api/contract/health.ts";
import {
  QuotesBody,
  VendorsBody,
} from "../../shared/adapters/holdfast-api/contract/market-data.ts";
import { OrdersBody } from "../../shared/adapters/holdfast-api/contract/orders.ts";
import { DrillsBody } from "../../shared/adapters/holdfast-api/contract/region.ts";
import { ScoresBody } from "../../shared/adapters/holdfast-api/contract/scores.ts";
import { TimelineBody } from "../../shared/adapters/holdfast-api/contract/timeline.ts";
import { KeptBody } from "../../shared/adapters/holdfast-api/contract/answer.ts";
import { clockTime } from "./format.ts";
import type { Polled, Reading } from "./poll.ts";
import type {
  AccountView,
  ClockView,
  DrillsView,
  HealthView,
  IncidentView,
  ModeView,
  OrderView,
  PositionView,
  Tone,
  VendorsView,
  View,
} from "./view.ts";

/** What the page reads, by name. */
export const PATHS = {
  health: "api/system/health",
  cycle: "api/cycle",
  funnel: "api/funnel",
  positions: "api/positions",
  orders: "api/orders",
  quotes: "api/quotes",
  equity: "api/equity",
  scores: "api/scores",
  vendors: "api/vendors",
  timeline: "api/timeline",
  chaos: "api/chaos",
  drills: "api/drills",
} as const;

/** Checks every body and turns them into what is shown; a body of another form is a failure. */
export const readView = ({ readings }: Polled): View => {
  const health = parse(readings[PATHS.health], HealthBody, toHealth);
  const cycle = parse(readings[PATHS.cycle], CycleBody, (body) => ({
    mode: body.mode,
    clock: toClock(body),
    last: body.cycle,
  }));
  const positions = parse(readings[PATHS.positions], PositionsBody, (body) => ({
    account: toAccount(body),
    rows: body.positions.map(toPosition),
  }));
  const chaos = parse(readings[PATHS.chaos], ChaosBody, ({ refusal, failures, current }) => ({
    refusal,
    failures,
    current,
  }));
  return {
    chaos,
    incident: parse(readings[PATHS.timeline], TimelineBody, (body) => ({
      ...toIncident(body),
      broken: chaos.value?.current ?? null,
    })),
    drills: parse(readings[PATHS.drills], DrillsBody, toDrills),
    mode: cycle.value?.mode ?? modeOf(readings[PATHS.health]),
    clock: cycle.value?.clock,
    lastCycle: cycle.value?.last ?? undefined,
    health,
    account: positions.value?.account,
    positions: { value: positions.value?.rows, failure: positions.failure },
    funnel: parse(readings[PATHS.funnel], FunnelBody, (body) => ({
      session: body.sessionDate,
      stages: body.stages.map(({ stage, passed, stopped }) => ({ name: stage, passed, stopped })),
      sentences: body.sentences,
      tone: FUNNEL_TONES[body.expectation.verdict],
    })),
    orders: parse(readings[PATHS.orders], OrdersBody, ({ orders }) => orders.map(toOrder)),
    equity: parse(readings[PATHS.equity], EquityBody, ({ points }) =>
      points.map(({ atMs, equity }) => ({ atMs, equity: Number(equity) })),
    ),
    scores: parse(readings[PATHS.scores], ScoresBody, ({ scores }) =>
      scores.map((score) => ({ ...score, isThrough: score.gateReasons.length === 0 })),
    ),
    vendors: parse(readings[PATHS.vendors], VendorsBody, toVendors),
    oldestQuoteMs: parse(readings[PATHS.quotes], QuotesBody, ({ quotes }) =>
      quotes.length === 0 ? null : Math.max(...quotes.map(({ ageMs }) => ageMs)),
    ).value,
  };
};

const DRILLS_SHOWN = 5;

const toDrills = ({ drills }: z.infer<typeof DrillsBody>): DrillsView =>
  drills.slice(0, DRILLS_SHOWN).map(({ endedAtMs, place, ok, totals, rows }) => ({
    atMs: endedAtMs,
    place,
    isOk: ok,
    failovers: totals.failovers,
    rows: rows.map((row) => ({
      scenario: row.scenario,
      to: row.to,
      secondsToFence: row.secondsToFence,
      secondsToActive: row.secondsToActive,
      alerts: row.alerts.length,
      isOk: row.ok,
      harm: harmOf(row),
      differences: row.differences,
    })),
  }));

/** The first thing that was wrong: orders before time. */
const harmOf = (row: z.infer<typeof DrillsBody>["drills"][number]["rows"][number]): string => {
  if (row.ok) return "";
  const counts = [
    ["doubled", row.doubled],
    ["unguarded", row.unguarded],
    ["lost", row.lost],
  ] as const;
  const worst = counts.find(([, orders]) => orders > 0);
  return worst === undefined ? "late or unwell" : `${worst[1]} ${worst[0]}`;
};

const FUNNEL_TONES = {
  normal: "good",
  quiet: "warn",
  abnormal: "bad",
  unknown: "unknown",
} as const;

const parse = <Body, Value>(
  reading: Reading | undefined,
  schema: z.ZodMiniType<Body>,
  toValue: (body: Body) => Value,
): { readonly value: Value | undefined; readonly failure: string | null } => {
  if (reading?.body === undefined) return { value: undefined, failure: reading?.failure ?? null };
  const parsed = schema.safeParse(reading.body);
  if (parsed.success) {
    return { value: toValue(parsed.data), failure: reading.failure ?? keptText(reading.body) };
  }
  const fields = parsed.error.issues.map((issue) => issue.path.map(String).join("."));
  return {
    value: undefined,
    failure: `the answer has a form that this page does not know (${fields.slice(0, 3).join(", ")})`,
  };
};

/** What the server kept from before its store stopped answering says so. */
const keptText = (body: unknown): string | null => {
  const kept = KeptBody.safeParse(body);
  if (!kept.success) return null;
  return `kept from ${clockTime(kept.data.answerKeptAtMs)}; the database does not answer`;
};

const modeOf = (reading: Reading | undefined): ModeView | undefined => {
  const parsed = HealthBody.safeParse(reading?.body);
  return parsed.success ? parsed.data.mode : undefined;
};

const toClock = ({ atMs, market }: z.infer<typeof CycleBody>): ClockView => ({
  nowMs: atMs,
  phase: market.phase,
  opensAtMs: market.session?.opensAtMs ?? null,
  closesAtMs: market.session?.closesAtMs ?? null,
  isHalfDay: market.session?.isHalfDay ?? false,
  nextOpenMs: market.nextSession.opensAtMs,
});

const toHealth = (body: z.infer<typeof HealthBody>): HealthView => ({
  level: body.level,
  tone: SYSTEM_TONE[body.level] ?? "bad",
  reason: body.reason,
  atMs: body.atMs,
  components: body.components.map((component) => ({
    name: component.component,
    level: component.level,
    tone: COMPONENT_TONE[component.level] ?? "unknown",
    isCritical: component.isCritical,
    reason: component.reason,
    evidenceAtMs: component.evidenceAtMs,
  })),
});

type Timeline = z.infer<typeof TimelineBody>;

const toIncident = (body: Timeline): Omit<IncidentView, "broken"> => ({
  level: body.level,
  tone: SYSTEM_TONE[body.level] ?? "bad",
  sinceMs: body.sinceMs,
  isReadOnly: body.troubles.some(
    ({ component, level }) => STORES.includes(component) && level !== "degraded",
  ),
  troubles: body.troubles.map((trouble) => ({
    ...trouble,
    tone: COMPONENT_TONE[trouble.level] ?? "unknown",
  })),
  healing: body.healing,
  recovered: body.recovered,
  events: body.events,
  missing: body.missing,
});

/** Without these nothing can be ordered or changed. */
const STORES: readonly string[] = ["ledger", "telemetry"];

const SYSTEM_TONE: Readonly<Record<string, Tone>> = { OK: "good", DEGRADED: "warn" };

const COMPONENT_TONE: Readonly<Record<string, Tone>> = {
  healthy: "good",
  degraded: "warn",
  unhealthy: "bad",
  critical: "bad",
};

const toVendors = (body: z.infer<typeof VendorsBody>): VendorsView => ({
  mode: body.dataMode,
  tone: MODE_TONE[body.dataMode ?? ""] ?? "unknown",
  rows: body.vendors.map((vendor) => ({
    ...vendor,
    name: vendor.vendor,
    use: vendor.use === "none" ? vendor.outcome : vendor.use,
    tone: USE_TONE[vendor.use] ?? "unknown",
  })),
});

const MODE_TONE: Readonly<Record<string, Tone>> = {
  full: "good",
  fewerVendors: "warn",
  cached: "bad",
  static: "bad",
};

const USE_TONE: Readonly<Record<string, Tone>> = {
  prices: "good",
  confirmation: "good",
  none: "bad",
};

const toAccount = (body: z.infer<typeof PositionsBody>): AccountView => ({
  name: body.account,
  trading: body.tradingState ?? undefined,
  reconciliation: body.reconciliation?.state ?? "never",
  equity: numberOf(body.equity),
  buyingPower: numberOf(body.buyingPower),
  realizedProfit: numberOf(body.realizedProfit),
  unrealizedProfit: Number(body.unrealizedProfit),
  // A bracket around what is held waits at the broker; it is no order that is under way.
  inFlight: body.inFlight.filter(({ stage }) => stage !== "protecting").length,
  unknown: body.inFlight.filter(({ stage }) => stage === "unknown").length,
});

type PositionBody = z.infer<typeof PositionsBody>["positions"][number];

const toPosition = (body: PositionBody): PositionView => {
  const quantity = Number(body.quantity);
  const averagePrice = numberOf(body.averagePrice);
  const profit = numberOf(body.unrealizedProfit);
  const cost = averagePrice === null ? 0 : Math.abs(averagePrice * quantity);
  return {
    symbol: body.symbol,
    quantity,
    averagePrice,
    lastPrice: numberOf(body.lastPrice),
    lastPriceAgeMs: body.lastPriceAgeMs,
    value: numberOf(body.marketValue),
    profit,
    profitRatio: profit === null || cost === 0 ? null : profit / cost,
  };
};

type OrderBody = z.infer<typeof OrdersBody>["orders"][number];

const toOrder = (body: OrderBody): OrderView => ({
  id: body.clientOrderId,
  atMs: body.decidedAtMs,
  symbol: body.symbol,
  side: body.side,
  purpose: body.purpose,
  quantity: Number(body.quantity),
  filled: Number(body.filled),
  price: numberOf(body.averagePrice ?? body.limitPrice),
  state: body.state,
  tone: ORDER_TONE[body.state] ?? "unknown",
  reason: body.decision,
  outcome: body.reasons.join(", "),
});

const ORDER_TONE: Readonly<Record<string, Tone>> = {
  filled: "good",
  partiallyFilled: "good",
  unknown: "bad",
  orphaned: "bad",
  rejected: "bad",
  denied: "warn",
  notSent: "warn",
};

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));
