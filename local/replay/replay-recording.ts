import { sessionOf } from "../../shared/domain/market/calendar.ts";
import { addFunnels, EMPTY_FUNNEL, type FunnelCounts } from "../../shared/domain/funnel/funnel.ts";
import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import type { SessionDate } from "../../shared/domain/market/session-date.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { FlowOfSession } from "../exchange/flow/session-flow.ts";
import type { Exchange } from "../exchange/core/exchange.ts";
import type { RecordedDay, RecordedDays } from "../recorded-days/recorded-day.ts";
import { compareBooks } from "./compare-books.ts";
import type { Pace } from "./pace.ts";
import { createReplayMinute, type MinuteCounts } from "./replay-minute.ts";
import type { ReplayResult } from "./replay-result.ts";
import { createReplayWorld, type ReplayWorld, type ReplayWorldInput } from "./replay-world.ts";
import { createTrace } from "./trace.ts";

const MS_PER_MINUTE = 60_000;
/** After the close the day's orders expire; two more minutes let the ledger learn of it. */
const SETTLING_MS = 3 * MS_PER_MINUTE;

/** What a replay is given. */
export type ReplayInput = {
  readonly recorded: RecordedDays;
  /** Its symbols are replaced by those of the recording. */
  readonly settings: Settings;
  readonly seed: number;
  /** The recording's flow, drawn ahead with this seed; otherwise it is drawn day by day. */
  readonly flow?: FlowOfSession;
  readonly pace: Pace;
  /** Measures how long it took. */
  readonly host: Clock;
  readonly isStopped: () => boolean;
  readonly onDay?: (date: SessionDate, index: number) => void;
  readonly wrapBroker?: ReplayWorldInput["wrapBroker"];
  /** How a minute is lived; the chaos backtest puts its own in. */
  readonly createMinute?: typeof createReplayMinute;
};

/** Lives every recorded minute with the very functions that are deployed, in virtual time. */
export const replayRecording = async (input: ReplayInput): Promise<ReplayResult> => {
  const { recorded, seed, host } = input;
  // A recording is the consolidated tape: nobody else has another word on it.
  const validation = { ...input.settings.validation, vendorsToAgree: 1 } as const;
  const settings = { ...input.settings, symbols: recorded.symbols, validation };
  const startedAtMs = host.monotonicMs();
  const trace = createTrace();
  const startsAtMs = minutesOf(recorded.days[0]).firstMs;
  const wrap = input.wrapBroker === undefined ? {} : { wrapBroker: input.wrapBroker };
  const { flow } = input;
  const world = createReplayWorld({ recorded, settings, seed, flow, startsAtMs, trace, ...wrap });
  const startingEquity = world.exchange.getAccount().equity;
  const counts: MinuteCounts = { quotes: 0, quotesRejected: new Map(), faults: new Map() };
  const isWhole = await liveDays(input, world, counts);
  const cell = await loadCell(world, settings.account);
  const ended = {
    endingEquity: world.exchange.getAccount().equity,
    tradingState: cell?.tradingState.mode ?? ("unopened" as const),
    differences: cell === undefined ? [] : compareBooks(cell, world.exchange),
  };
  const intents = world.witness.countIntents();
  const faults = [...counts.faults].map(([sentence, times]) => `${sentence} (${times} times)`);
  if (world.deadMessages() > 0) faults.push(`${world.deadMessages()} messages died.`);
  trace.add(`end ${canonicalJson({ ...ended, holdings: cell?.holdings, seed })}`);
  const funnel = await sumFunnels(world, recorded.days);
  return {
    mode: "sim",
    seed,
    flow: "seeded",
    days: recorded.days.map(({ date }) => date),
    symbols: recorded.symbols,
    quotes: counts.quotes,
    quotesRejected: Object.fromEntries(counts.quotesRejected),
    rowsSkipped: recorded.rowsRejected,
    scored: funnel.passed.scored ?? 0,
    stopped: stoppedAfterScoring(funnel),
    ...intents,
    orders: countOrders(world.exchange),
    fills: world.exchange.listFills().length,
    ...world.witness.findFaults(),
    startingEquity,
    ...ended,
    faults,
    isStopped: !isWhole,
    traceHash: trace.finish(),
    elapsedMs: host.monotonicMs() - startedAtMs,
  };
};

/** Returns whether it came to the last minute. */
const liveDays = async (
  input: ReplayInput,
  world: ReplayWorld,
  counts: MinuteCounts,
): Promise<boolean> => {
  const live = (input.createMinute ?? createReplayMinute)(world, counts);
  for (const [index, day] of input.recorded.days.entries()) {
    input.onDay?.(day.date, index);
    world.tape.startDay(day);
    for (const split of day.splits ?? []) world.exchange.splitShares(split, world.clock.nowMs());
    const { firstMs, lastMs } = minutesOf(day);
    for (let slotMs = firstMs; slotMs <= lastMs; slotMs += MS_PER_MINUTE) {
      if (input.isStopped()) return false;
      await input.pace(slotMs);
      await live(slotMs);
    }
  }
  return true;
};

/** From the end of the day's first row to that of its last, and until its session has settled. */
const minutesOf = (
  day: RecordedDay | undefined,
): { readonly firstMs: number; readonly lastMs: number } => {
  let firstMs = Infinity;
  let lastMs = -Infinity;
  for (const { quotes, trades } of day?.symbols.values() ?? []) {
    for (const rows of [quotes, trades]) {
      if (rows.count === 0) continue;
      firstMs = Math.min(firstMs, rows.startsAtMs(0));
      lastMs = Math.max(lastMs, rows.startsAtMs(rows.count - 1));
    }
  }
  const session = day === undefined ? undefined : sessionOf(day.date);
  if (session !== undefined && firstMs < session.closesAtMs) {
    lastMs = Math.max(lastMs, session.closesAtMs + SETTLING_MS);
  }
  // A row counts from the end of its own minute, and is told by the first whole minute after that.
  return { firstMs: wholeMinute(firstMs + 1), lastMs: wholeMinute(lastMs + MS_PER_MINUTE) };
};

const wholeMinute = (atMs: number): number => Math.ceil(atMs / MS_PER_MINUTE) * MS_PER_MINUTE;

/** A bracket is one order: its legs came with their entry and are held by the exchange itself. */
const countOrders = (exchange: Exchange): number =>
  exchange.listOrders({ status: "all", limit: Infinity, direction: "asc", isNested: true }).length;

const loadCell = async (world: ReplayWorld, account: string): Promise<ControlCell | undefined> => {
  const loaded = await world.ledger.loadCell(account);
  if (!loaded.ok) throw new Error(`The cell was not read at the end: ${loaded.error.detail}`);
  return loaded.value;
};

const sumFunnels = async (
  world: ReplayWorld,
  days: readonly RecordedDay[],
): Promise<FunnelCounts> => {
  const funnels = await Promise.all(days.map(({ date }) => world.telemetry.loadFunnel(date)));
  return funnels.reduce(addFunnels, EMPTY_FUNNEL);
};

/** Rejected quotes and denied intents are told elsewhere. */
const stoppedAfterScoring = ({ stopped }: FunnelCounts): FunnelCounts["stopped"] =>
  Object.fromEntries(
    Object.entries(stopped).filter(([key]) => !/^(polled|valid|approved)\./.test(key)),
  );
