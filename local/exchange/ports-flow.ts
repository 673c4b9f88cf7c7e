import { marketPhase, type Session } from "../../shared/domain/market/calendar.ts";
import { newYorkToEpochMs } from "../../shared/domain/market/new-york-time.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { darkPoolEndpoint } from "../../shared/adapters/unusual-whales/dark-pool.ts";
import { POLLS_MAX } from "../../shared/adapters/unusual-whales/flow.ts";
import { ANSWER_INTERVALS } from "../../shared/adapters/unusual-whales/poll-book.ts";
import { ok } from "../../shared/domain/result.ts";
import type { FlowEvidence } from "../../shared/domain/signals/flow.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Flow } from "../../shared/ports/flow.ts";
import type { SeededAlert, SeededPrint } from "./flow/day-flow.ts";
import { referenceEvidence } from "./flow/reference-evidence.ts";
import type { SeededFlow, TidePoint } from "./flow/seeded-flow.ts";

/** How far back a vendor's answer reaches. */
const WINDOW_MS = 120 * 60_000;

/**
 * Flow of an exchange in the same process: every answer arrives, at once, and holds nothing that is
 * later than its moment. It is asked as the deployed adapter asks the vendor: alerts and the
 * market's tide every time, a symbol's prints at the adapter's own interval and no more of them at
 * once. Time only goes forward here, so each symbol remembers how far it is and gives the same
 * object again until something is new. While the market is closed nothing is known.
 */
export const createExchangeFlow = (flow: SeededFlow, clock: Clock): Flow => {
  let session: Session | undefined;
  let tracks = new Map<Ticker, FlowTrack>();
  /** The tracks of the symbols that were asked for last, which are nearly always the same. */
  let asked: readonly FlowTrack[] = [];
  /** Every track, those whose prints are due first in front. */
  let turns: FlowTrack[] = [];
  let marketTide: FlowEvidence["marketTide"];
  return {
    fetchEvidence: async (symbols) => {
      const nowMs = clock.nowMs();
      const moment = marketPhase(nowMs);
      if (moment.phase === "closed" || moment.session === undefined) return ok([]);
      if (session?.date !== moment.session.date) {
        ({ session } = moment);
        tracks = new Map();
        asked = [];
        turns = [];
      }
      const tide = flow.tideUntil(nowMs).at(-1);
      if (tide?.atMs !== marketTide?.observedAtMs) marketTide = tide && tideEvidence(tide);
      if (!areOf(asked, symbols)) {
        const { opened, begun } = openTracks(flow, tracks, symbols, moment.session);
        asked = opened;
        turns.unshift(...begun);
      }
      askForPrints(turns, nowMs);
      const known: FlowEvidence[] = [];
      for (const track of asked) {
        const evidence = advanceTrack(track, marketTide, nowMs);
        if (evidence !== undefined) known.push(evidence);
      }
      return ok(known);
    },
  };
};

const areOf = (tracks: readonly FlowTrack[], symbols: readonly Ticker[]): boolean =>
  tracks.length === symbols.length &&
  tracks.every(({ daily }, place) => daily.symbol === symbols[place]);

/** The tracks of symbols, in their order, and those of them that had to be started. */
const openTracks = (
  flow: SeededFlow,
  tracks: Map<Ticker, FlowTrack>,
  symbols: readonly Ticker[],
  session: Session,
): { readonly opened: readonly FlowTrack[]; readonly begun: readonly FlowTrack[] } => {
  const begun: FlowTrack[] = [];
  const opened = symbols.map((symbol) => {
    const known = tracks.get(symbol);
    if (known !== undefined) return known;
    const track = startTrack(flow, symbol, session);
    tracks.set(symbol, track);
    begun.push(track);
    return track;
  });
  return { opened, begun };
};

/** Asks for the prints of those that are due, who then stand behind the others. */
const askForPrints = (turns: FlowTrack[], nowMs: number): void => {
  const isDue = (track: FlowTrack | undefined): boolean =>
    track !== undefined && nowMs - track.askedAtMs >= darkPoolEndpoint.intervalMs;
  let count = 0;
  while (count < POLLS_MAX && isDue(turns[count])) count++;
  for (const track of turns.splice(0, count)) {
    track.prints.moveTo(nowMs);
    track.askedAtMs = nowMs;
    track.sameUntilMs = -Infinity;
    turns.push(track);
  }
};

const tideEvidence = (tide: TidePoint): FlowEvidence["marketTide"] => ({
  netCallPremium: tide.netCallPremium,
  netPutPremium: tide.netPutPremium,
  observedAtMs: tide.atMs,
});

/** What does not change within a session, with places for what does: a copy keeps its form. */
type DailyEvidence = FlowEvidence;

/** One symbol's place in its session. Changed in place: it is looked at every minute. */
type FlowTrack = {
  readonly daily: DailyEvidence;
  readonly alerts: Stretch<SeededAlert>;
  readonly prints: Stretch<SeededPrint>;
  flowAlerts: FlowEvidence["flowAlerts"];
  darkPool: FlowEvidence["darkPool"];
  evidence: FlowEvidence | undefined;
  /** When prints were asked for, epoch ms. */
  askedAtMs: number;
  /** No alert comes in or goes out, and no prints do, before this moment, epoch ms. */
  sameUntilMs: number;
};

const startTrack = (flow: SeededFlow, symbol: Ticker, session: Session): FlowTrack => {
  const { closesAtMs } = session;
  const fromMs = newYorkToEpochMs(session.date, 0);
  return {
    daily: dailyEvidence(flow, symbol, session),
    alerts: createStretch(flow.alertsOf(symbol, fromMs, closesAtMs), (each) => each.createdAtMs),
    prints: createStretch(flow.printsOf(symbol, fromMs, closesAtMs), (each) => each.executedAtMs),
    flowAlerts: undefined,
    darkPool: undefined,
    evidence: undefined,
    askedAtMs: -Infinity,
    sameUntilMs: -Infinity,
  };
};

const dailyEvidence = (flow: SeededFlow, symbol: Ticker, session: Session): DailyEvidence => {
  const facts = flow.factsAt(symbol, session.opensAtMs);
  const observedAtMs = newYorkToEpochMs(facts.session.date, 0);
  const change = facts.callChange - facts.putChange;
  const direction = change > 0 ? "bullish" : change < 0 ? "bearish" : "neutral";
  return {
    symbol,
    greeks: { gammaExposure: facts.callGamma + facts.putGamma, observedAtMs },
    ivRank: { rank: facts.ivRank * 100, observedAtMs },
    openInterestChange: { change, direction, observedAtMs },
    ...referenceEvidence(symbol, session),
    flowAlerts: undefined,
    darkPool: undefined,
    marketTide: undefined,
    convictionHistory: undefined,
  };
};

/** What is known of a symbol at `nowMs`; nothing as long as there was no alert. */
const advanceTrack = (
  track: FlowTrack,
  marketTide: FlowEvidence["marketTide"],
  nowMs: number,
): FlowEvidence | undefined => {
  if (nowMs >= track.sameUntilMs) moveTrack(track, nowMs);
  const { evidence, flowAlerts, darkPool } = track;
  if (flowAlerts === undefined) return undefined;
  const isSame =
    evidence?.flowAlerts === flowAlerts &&
    evidence.darkPool === darkPool &&
    evidence.marketTide === marketTide;
  if (!isSame) track.evidence = { ...track.daily, flowAlerts, darkPool, marketTide };
  return track.evidence;
};

/** What did not move stays the same object. */
const moveTrack = (track: FlowTrack, nowMs: number): void => {
  const movesAtMs = track.alerts.moveTo(nowMs);
  const forgottenAtMs = track.askedAtMs + ANSWER_INTERVALS * darkPoolEndpoint.intervalMs;
  const isForgotten = nowMs > forgottenAtMs;
  track.sameUntilMs = isForgotten ? movesAtMs : Math.min(movesAtMs, forgottenAtMs + 1);
  const alerts = track.alerts.inside();
  if (alerts !== track.flowAlerts?.alerts) {
    const observedAtMs = alerts[0]?.createdAtMs;
    track.flowAlerts = observedAtMs === undefined ? undefined : { alerts, observedAtMs };
  }
  const prints = isForgotten ? [] : track.prints.inside();
  if (prints !== track.darkPool?.prints) {
    const observedAtMs = prints[0]?.executedAtMs;
    track.darkPool = observedAtMs === undefined ? undefined : { prints, observedAtMs };
  }
};

/** The part of a list that lies in the window before a moment that only goes forward. */
type Stretch<Each> = {
  /** Returns the moment before which nothing more comes in or goes out, epoch ms. */
  readonly moveTo: (nowMs: number) => number;
  /** Newest first; the same list until something moves. */
  readonly inside: () => readonly Each[];
};

const createStretch = <Each>(
  newestFirst: readonly Each[],
  timeOf: (each: Each) => number,
): Stretch<Each> => {
  // Beside each other, because every symbol's are looked at every minute, and rarely anything else.
  const times = Float64Array.from(newestFirst, timeOf);
  // Both count from the list's end, which is the oldest.
  let left = newestFirst.length;
  let entered = newestFirst.length;
  let inside: readonly Each[] = [];
  const passBy = (from: number, untilMs: number): number => {
    let at = from;
    while (at > 0 && (times[at - 1] ?? Infinity) <= untilMs) at--;
    return at;
  };
  return {
    moveTo: (nowMs) => {
      const nextEntered = passBy(entered, nowMs);
      const nextLeft = passBy(left, nowMs - WINDOW_MS);
      if (nextEntered !== entered || nextLeft !== left) {
        entered = nextEntered;
        left = nextLeft;
        inside = newestFirst.slice(entered, left);
      }
      return Math.min(times[entered - 1] ?? Infinity, (times[left - 1] ?? Infinity) + WINDOW_MS);
    },
    inside: () => inside,
  };
};
