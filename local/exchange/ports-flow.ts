import { marketPhase, type Session } from "../../shared/domain/market/calendar.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { darkPoolEndpoint } from "../../shared/adapters/unusual-whales/dark-pool.ts";
import { POLLS_MAX } from "../../shared/adapters/unusual-whales/flow.ts";
import { ANSWER_INTERVALS } from "../../shared/adapters/unusual-whales/poll-book.ts";
import { ok } from "../../shared/domain/result.ts";
import type {
  DailyEvidence,
  DarkPoolPrint,
  FlowAlert,
  FlowEvidence,
  MarketFlow,
  MarketTide,
} from "../../shared/domain/signals/flow.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Flow } from "../../shared/ports/flow.ts";
import type { RecordedRows } from "../recorded-days/recorded-rows.ts";
import type { FlowOfSession, SessionFlow, SymbolFlow } from "./flow/session-flow.ts";

/** How far back a vendor's answer reaches. */
const WINDOW_MS = 120 * 60_000;

/**
 * Flow of an exchange in the same process: every answer arrives, at once, and holds nothing that is
 * later than its moment. It is asked as the deployed adapter asks the vendor: alerts and the
 * market's tide every time, a symbol's prints at the adapter's own interval and no more of them at
 * once. Time only goes forward here, so each symbol remembers how far it is and gives the same
 * object again until something is new. While the market is closed nothing is known.
 */
export const createExchangeFlow = (flowOf: FlowOfSession, clock: Clock): Flow => {
  let day: FlowDay | undefined;
  return {
    fetchEvidence: async (symbols) => {
      const nowMs = clock.nowMs();
      const { phase, session } = marketPhase(nowMs);
      if (phase === "closed" || session === undefined) return ok(NOTHING);
      if (day?.session.date !== session.date) day = startDay(session, flowOf(session));
      if (!isSameList(day.asked.symbols, symbols)) day.asked = askFor(day, symbols);
      const evidence = advanceDay(day, nowMs);
      return ok({ evidence, marketTide: tideAt(day, nowMs) });
    },
  };
};

const NOTHING: MarketFlow = { evidence: [], marketTide: undefined };

/** How far a session has come. Changed in place: it is looked at every minute. */
type FlowDay = {
  readonly session: Session;
  readonly flow: SessionFlow;
  readonly tracks: Map<Ticker, FlowTrack>;
  /** Every track, those whose prints are due first in front. */
  readonly turns: FlowTrack[];
  /** What was asked for last, which is nearly always what is asked for next. */
  asked: Asked;
  marketTide: MarketTide | undefined;
  /** How many points of the tide are over. */
  tidePoints: number;
};

/**
 * Symbols that are asked for together, and at the place of each its track, what was last said of
 * it, and the moment before which that stays the same.
 */
type Asked = {
  readonly symbols: readonly Ticker[];
  readonly tracks: readonly FlowTrack[];
  readonly evidence: (FlowEvidence | undefined)[];
  readonly sameUntilMs: Float64Array;
};

const NOBODY: Asked = { symbols: [], tracks: [], evidence: [], sameUntilMs: new Float64Array() };

const startDay = (session: Session, flow: SessionFlow): FlowDay => ({
  session,
  flow,
  tracks: new Map(),
  turns: [],
  asked: NOBODY,
  marketTide: undefined,
  tidePoints: 0,
});

const isSameList = (one: readonly Ticker[], other: readonly Ticker[]): boolean =>
  one.length === other.length && one.every((symbol, place) => symbol === other[place]);

/** Looks for the symbols' tracks, in their order, and starts those that there are not yet. */
const askFor = ({ flow, tracks, turns }: FlowDay, symbols: readonly Ticker[]): Asked => {
  const begun: FlowTrack[] = [];
  const asked = symbols.map((symbol, place) => {
    const known = tracks.get(symbol);
    const track = known ?? startTrack(symbol, flow.flowOf(symbol));
    track.place = place;
    if (known === undefined) {
      tracks.set(symbol, track);
      begun.push(track);
    }
    return track;
  });
  turns.unshift(...begun);
  return {
    symbols,
    tracks: asked,
    evidence: symbols.map(() => undefined),
    sameUntilMs: new Float64Array(symbols.length).fill(-Infinity),
  };
};

/** What is known at `nowMs` of the symbols that are asked for; of most nothing is new. */
const advanceDay = (day: FlowDay, nowMs: number): readonly FlowEvidence[] => {
  const { tracks, evidence, sameUntilMs } = day.asked;
  for (const track of askForPrints(day.turns, nowMs)) {
    if (tracks[track.place] === track) sameUntilMs[track.place] = -Infinity;
  }
  const known: FlowEvidence[] = [];
  for (let place = 0; place < tracks.length; place++) {
    let told = evidence[place];
    if (nowMs >= (sameUntilMs[place] ?? -Infinity)) {
      const track = tracks[place];
      if (track === undefined) break;
      sameUntilMs[place] = moveTrack(track, nowMs);
      told = tellTrack(track);
      evidence[place] = told;
    }
    if (told !== undefined) known.push(told);
  }
  return known;
};

/** The market's tide at `nowMs`: the same object until it is another. */
const tideAt = (day: FlowDay, nowMs: number): MarketTide | undefined => {
  const { tide } = day.flow;
  const before = day.tidePoints;
  while ((tide[day.tidePoints]?.atMs ?? Infinity) <= nowMs) day.tidePoints++;
  const point = tide[day.tidePoints - 1];
  if (day.tidePoints > before && point !== undefined) {
    const { netCallPremium, netPutPremium, atMs: observedAtMs } = point;
    day.marketTide = { netCallPremium, netPutPremium, observedAtMs };
  }
  return day.marketTide;
};

/** Asks for the prints of those that are due, who then stand behind the others. */
const askForPrints = (turns: FlowTrack[], nowMs: number): readonly FlowTrack[] => {
  const isDue = (track: FlowTrack | undefined): boolean =>
    track !== undefined && nowMs - track.askedAtMs >= darkPoolEndpoint.intervalMs;
  let count = 0;
  while (count < POLLS_MAX && isDue(turns[count])) count++;
  const due = turns.splice(0, count);
  for (const track of due) {
    moveStretch(track.prints, nowMs);
    track.askedAtMs = nowMs;
  }
  turns.push(...due);
  return due;
};

/** One symbol's place in its session. Changed in place. */
type FlowTrack = {
  readonly symbol: Ticker;
  readonly daily: DailyEvidence;
  readonly alerts: Stretch<FlowAlert>;
  readonly prints: Stretch<DarkPoolPrint>;
  flowAlerts: FlowEvidence["flowAlerts"];
  darkPool: FlowEvidence["darkPool"];
  evidence: FlowEvidence | undefined;
  /** When prints were asked for, epoch ms. */
  askedAtMs: number;
  /** Among those that are asked for. */
  place: number;
};

const startTrack = (symbol: Ticker, { daily, alerts, prints }: SymbolFlow): FlowTrack => ({
  symbol,
  daily,
  alerts: startStretch(alerts),
  prints: startStretch(prints),
  flowAlerts: undefined,
  darkPool: undefined,
  evidence: undefined,
  askedAtMs: -Infinity,
  place: -1,
});

/** What is known of a symbol; nothing as long as there was no alert. */
const tellTrack = (track: FlowTrack): FlowEvidence | undefined => {
  const { evidence, flowAlerts, darkPool } = track;
  if (flowAlerts === undefined) return undefined;
  if (evidence?.flowAlerts !== flowAlerts || evidence.darkPool !== darkPool) {
    const { symbol, daily } = track;
    track.evidence = { symbol, daily, flowAlerts, darkPool, convictionHistory: undefined };
  }
  return track.evidence;
};

/**
 * Moves a track on; what did not move stays the same object. Returns the moment before which
 * nothing of it does, unless its prints are asked for, epoch ms.
 */
const moveTrack = (track: FlowTrack, nowMs: number): number => {
  moveStretch(track.alerts, nowMs);
  const movesAtMs = track.alerts.sameUntilMs;
  const forgottenAtMs = track.askedAtMs + ANSWER_INTERVALS * darkPoolEndpoint.intervalMs;
  const isForgotten = nowMs > forgottenAtMs;
  const alerts = track.alerts.inside;
  if (alerts !== track.flowAlerts?.alerts) {
    const observedAtMs = alerts[0]?.createdAtMs;
    track.flowAlerts = observedAtMs === undefined ? undefined : { alerts, observedAtMs };
  }
  const prints = isForgotten ? NO_PRINTS : track.prints.inside;
  if (prints !== track.darkPool?.prints) {
    const observedAtMs = prints[0]?.executedAtMs;
    track.darkPool = observedAtMs === undefined ? undefined : { prints, observedAtMs };
  }
  return isForgotten ? movesAtMs : Math.min(movesAtMs, forgottenAtMs + 1);
};

const NO_PRINTS: readonly DarkPoolPrint[] = [];

/**
 * The part of a day that lies in the window before a moment that only goes forward. What goes out
 * of it stays listed until something comes in: whoever reads the list looks at its times anyway,
 * and a list that is the same object is not looked at again. Changed in place.
 */
type Stretch<Each> = {
  /** Oldest first. */
  readonly rows: RecordedRows<Each>;
  /** The first row that has not come in, and the first that has not gone out. */
  entered: number;
  left: number;
  /** Newest first; the same list until something moves. */
  inside: readonly Each[];
  /** The moment before which the list stays the same, epoch ms. */
  sameUntilMs: number;
};

const startStretch = <Each>(rows: RecordedRows<Each>): Stretch<Each> => ({
  rows,
  entered: 0,
  left: 0,
  inside: [],
  sameUntilMs: timeAt(rows, 0),
});

const timeAt = (rows: RecordedRows<unknown>, index: number): number =>
  index < rows.count ? rows.startsAtMs(index) : Infinity;

const moveStretch = <Each>(stretch: Stretch<Each>, nowMs: number): void => {
  if (nowMs < stretch.sameUntilMs) return;
  const { rows, inside, entered: before } = stretch;
  let { entered, left } = stretch;
  while (timeAt(rows, entered) <= nowMs) entered++;
  while (timeAt(rows, left) + WINDOW_MS <= nowMs) left++;
  const list: Each[] = [];
  for (let index = entered - 1; index >= Math.max(before, left); index--) {
    const row = rows.at(index);
    if (row !== undefined) list.push(row);
  }
  // What was inside and has not gone out, which is the front of the list before.
  for (let index = 0; index < before - left; index++) {
    const row = inside[index];
    if (row !== undefined) list.push(row);
  }
  const emptyAtMs = entered > left ? timeAt(rows, entered - 1) + WINDOW_MS : Infinity;
  stretch.inside = list;
  stretch.entered = entered;
  stretch.left = left;
  stretch.sameUntilMs = Math.min(timeAt(rows, entered), emptyAtMs);
};
