import { epochMsToNewYork } from "../../shared/domain/market/new-york-time.ts";
import { shardOf } from "../../shared/domain/settings.ts";
import type { Observation, WorldView } from "../observation.ts";
import { createExitsDue, type ExitsDue } from "./exits-due.ts";
import type { HeldPosition } from "./held-positions.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeBy, type Scene } from "./invariant.ts";
import { clientOrderIdIn } from "./message-intent.ts";
import { createQuotesHandled, pricesIn, type QuotesOnTheWay } from "./quotes-handled.ts";
import { createWayOfExits, type WayOfExits } from "./way-of-exits.ts";

/** Of the first a read may have failed: of so many cycles one decides the exit. */
const CYCLES_MAX = 2;

/** What is to be left is left within this time in which nothing goes wrong on the way. */
const LEFT_WITHIN_MS = 6 * 60_000;

type Removed = Extract<Observation, { type: "messageRemoved" }>;

/**
 * (30) Exits are decided, and soon. A position that the ledger knows and the broker has is to be
 * left: then an exit is sent, or stands in the cell, before the market data of two cycles is worked
 * off, however late and whatever else fails, and before two cycles are over in which nothing on the
 * way fails; and after 6 minutes in which nothing does, it is not held any more.
 */
export const createExitsAreDecided = (): Invariant => {
  const due = createExitsDue();
  const way = createWayOfExits();
  const quotes = createQuotesHandled();
  const judgeHandled = createJudgeHandled(due, quotes);
  const judgeCycle = createJudgeCycle(due, way);
  const forget = ({ atMs }: { readonly atMs: number }): readonly Finding[] => {
    due.forget();
    way.fails(atMs);
    return HOLDS;
  };
  return {
    name: "exits-are-decided",
    judge: judgeBy({
      cellWritten: ({ before, after, atMs }) => {
        due.noteCell(after, typeof before === "object", atMs);
        return HOLDS;
      },
      cellDamaged: forget,
      ledgerLost: forget,
      ledgerRestored: forget,
      regionIsolated: ({ region }) => {
        way.fails(Infinity, region);
        return HOLDS;
      },
      regionHealed: ({ region, atMs }) => {
        way.heals(region, atMs);
        return HOLDS;
      },
      outageBegan: ({ of, untilMs }) => {
        // Nobody needs a price to leave what is held.
        if (of !== "every vendor") way.fails(untilMs);
        return HOLDS;
      },
      faultsStopped: ({ atMs }) => {
        way.isWell(atMs);
        return HOLDS;
      },
      faultStruck: ({ fault, atMs }) => {
        way.strikes(fault, atMs);
        return HOLDS;
      },
      messageSent: ({ queue, messageId, body, atMs }, { view }) => {
        if (queue === "exits.fifo") noteExit(due, body, atMs);
        if (queue !== "market-data") return HOLDS;
        quotes.sent(messageId, atMs);
        if (due.held.size > 0) due.notePrices(pricesIn(body), view, atMs);
        return HOLDS;
      },
      messageDelivered: ({ queue, messageId, atMs }) => {
        if (queue === "market-data") quotes.delivered(messageId, atMs);
        return HOLDS;
      },
      messageDeadLettered: ({ queue, body }) => {
        if (queue === "market-data") quotes.givenUp(body);
        return HOLDS;
      },
      messageRemoved: (removed, scene) =>
        removed.queue === "market-data" ? judgeHandled(removed, scene) : HOLDS,
      slotStarted: ({ region, schedule, atMs }, scene) =>
        schedule === "trading-cycle" ? judgeCycle(region, atMs, scene) : HOLDS,
    }),
  };
};

/** Whoever has worked off market data has looked at what is held in its shard. */
const createJudgeHandled = (
  due: ExitsDue,
  quotes: QuotesOnTheWay,
): ((removed: Removed, scene: Scene) => readonly Finding[]) => {
  const isPassed = createPassing();
  return (removed, { view, facts }) => {
    const handled = quotes.handled(removed);
    if (handled === undefined || facts.cell()?.activeRegion !== removed.region) return HOLDS;
    if (due.held.size === 0) return HOLDS;
    const { slotMs, shard, sentAtMs, deliveredAtMs } = handled;
    const minute = minuteOf(epochMsToNewYork(slotMs).msOfDay);
    return [...due.held.values()].flatMap((position) => {
      const { symbol, exitMinutes } = position;
      const isAsked = (shardOf(symbol, view.settings) ?? STRAYS_SHARD) === shard;
      if (!isAsked || exitMinutes.has(minute)) return HOLDS;
      const times = { atMs: removed.atMs, pricedMs: sentAtMs };
      const sinceMs = due.dueSinceMs(position, view, times);
      if (sinceMs > deliveredAtMs || !isHeldSo(position, view)) return HOLDS;
      return isPassed(position, minute, deliveredAtMs)
        ? broken(`${symbol} is to be left, and what is worked off passes over it.`)
        : HOLDS;
    });
  };
};

/** A cycle that nothing went wrong in has sent what was to be sent when the next one begins. */
const createJudgeCycle = (
  due: ExitsDue,
  way: WayOfExits,
): ((region: string, atMs: number, scene: Scene) => readonly Finding[]) => {
  const isPassed = createPassing();
  const slotAtMs = new Map<string, number>();
  return (region, atMs, { view, facts }) => {
    const fromMs = slotAtMs.get(region) ?? Infinity;
    // A slot may come twice: what comes second does nothing.
    if (minuteOf(fromMs) === minuteOf(atMs)) return HOLDS;
    slotAtMs.set(region, atMs);
    if (due.held.size === 0 || facts.cell()?.activeRegion !== region) return HOLDS;
    const quietMs = way.quietSinceMs(region);
    if (quietMs >= fromMs) return HOLDS;
    return [...due.held.values()].flatMap((position) => {
      const { symbol } = position;
      const sinceMs = due.dueSinceMs(position, view, { atMs, pricedMs: fromMs });
      if (sinceMs > fromMs || !isHeldSo(position, view)) return HOLDS;
      if (atMs - Math.max(sinceMs, quietMs) > LEFT_WITHIN_MS) {
        return broken(`${symbol} is to be left, nothing fails, and it is held for minutes.`);
      }
      return isPassed(position, minuteOf(fromMs), fromMs)
        ? broken(`${symbol} is to be left, nothing fails, and cycles pass over it.`)
        : HOLDS;
    });
  };
};

/** Looks after what is held and no longer configured. */
const STRAYS_SHARD = 0;

/** Counts the cycles that pass over a position since its last exit; whether they are too many. */
const createPassing = (): ((position: HeldPosition, cycle: number, fromMs: number) => boolean) => {
  const passed = new WeakMap<HeldPosition, { readonly sinceMs: number; cycles: Set<number> }>();
  return (position, cycle, fromMs) => {
    const { isLeaving, exitAtMs } = position;
    if (isLeaving || exitAtMs >= fromMs) return false;
    let known = passed.get(position);
    if (known?.sinceMs !== exitAtMs) {
      known = { sinceMs: exitAtMs, cycles: new Set() };
      passed.set(position, known);
    }
    return !known.cycles.has(cycle) && known.cycles.add(cycle).size === CYCLES_MAX;
  };
};

/** What the ledger says of a position is what the broker has. */
const isHeldSo = ({ symbol, holding }: HeldPosition, { exchange }: WorldView): boolean =>
  exchange.getPosition(symbol)?.quantity === holding.quantity;

const minuteOf = (ms: number): number => Math.floor(ms / 60_000);

const ID = /^hf_[^_]+_[^_]+_(?<symbol>[^_]+)_\d{8}_(?<hour>\d\d)(?<minute>\d\d)_/;

const noteExit = (due: ExitsDue, body: string, atMs: number): void => {
  const { symbol, hour, minute } = ID.exec(clientOrderIdIn(body) ?? "")?.groups ?? {};
  if (symbol !== undefined) due.noteExit(symbol, Number(hour) * 60 + Number(minute), atMs);
};
