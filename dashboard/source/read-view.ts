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
import type { ClockView, ModeView, View } from "./view.ts";
import { toAccount, toPosition } from "./views/to-account.ts";
import { toDrills } from "./views/to-drills.ts";
import { toHealth, toIncident } from "./views/to-health.ts";
import { toOrder } from "./views/to-order.ts";
import { toVendors } from "./views/to-vendors.ts";

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
