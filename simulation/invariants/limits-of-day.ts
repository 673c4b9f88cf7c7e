import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Observation } from "../observation.ts";
import { broken, type Finding, HOLDS, type Scene } from "./invariant.ts";
import { areSigned } from "./signed-limits.ts";

type Of<Type extends Observation["type"]> = Extract<Observation, { readonly type: Type }>;

/** What is counted of days and of the account, past the cell's own counters. */
export type DayLimits = {
  /** The cell was rebuilt or restored: what it says from then on is all that is known. */
  readonly startAnew: (cell: ControlCell | undefined) => void;
  /** A reading of the account is the broker's, and a loss beyond a limit stops entries. */
  readonly judgeReading: (written: Of<"cellWritten">, scene: Scene) => readonly Finding[];
  /** An entry is at the broker: of its day there are no more than allowed. */
  readonly judgeEntry: (arrived: Of<"brokerRequestArrived">, scene: Scene) => readonly Finding[];
};

/** The account is worth a hundred times what moves in it while an answer is on its way. */
const READING_TOLERANCE = 0.1;

/** Starts to count. */
export const createDayLimits = (): DayLimits => {
  const entries = new Map<string, number>();
  /** Equity when a session was first read. */
  const starts = new Map<string, number>();
  let peak = 0;
  return {
    startAnew: (cell) => {
      const { day, peakEquity } = cell ?? { day: null, peakEquity: null };
      // Neither what it forgot counts, nor what it counts and never arrived.
      const known = day === null ? 0 : Math.min(day.entries, entries.get(day.sessionDate) ?? 0);
      entries.clear();
      starts.clear();
      if (day !== null) entries.set(day.sessionDate, known);
      if (day !== null && day.startingEquity !== null)
        starts.set(day.sessionDate, day.startingEquity);
      peak = peakEquity ?? 0;
    },
    judgeReading: ({ before, after }, { view }) => {
      const { accountReading, day, limits, tradingState } = after;
      const known = typeof before === "object" ? before.accountReading?.observedAtMs : undefined;
      if (accountReading === null || accountReading.observedAtMs === known) return HOLDS;
      const { equity } = accountReading;
      const account = view.exchange.getAccount();
      const wrong = (["equity", "cash", "buyingPower"] as const).find(
        (name) => Math.abs(accountReading[name] / account[name] - 1) > READING_TOLERANCE,
      );
      if (wrong !== undefined) return broken(`The ledger's ${wrong} is not the broker's.`);
      peak = Math.max(peak, equity);
      if (day !== null && !starts.has(day.sessionDate)) starts.set(day.sessionDate, equity);
      const start = starts.get(day?.sessionDate ?? "") ?? equity;
      const isTooMuch =
        isLost(start, equity, limits.maxDailyLossPct) ||
        isLost(peak, equity, limits.maxDrawdownPct);
      return isTooMuch && tradingState.mode === "active"
        ? broken("Entries are allowed behind a loss beyond the limit.")
        : HOLDS;
    },
    judgeEntry: ({ intent, cellVersion }, { facts, view }) => {
      const { sessionDate, clientOrderId } = intent;
      const against = facts.claimAt(clientOrderId, cellVersion)?.against;
      // An order that was given up, and came late, is none that a day could have counted.
      if (facts.cell()?.inFlight[clientOrderId] === undefined) return HOLDS;
      const count = (entries.get(sessionDate) ?? 0) + 1;
      entries.set(sessionDate, count);
      if (against !== undefined && !areSigned(against.limits, view.settings)) return HOLDS;
      return count > view.settings.limits.maxEntriesPerDay
        ? broken(`It is entry ${count} of its day.`, clientOrderId)
        : HOLDS;
    },
  };
};

const isLost = (from: number, to: number, limitPct: number): boolean =>
  from > 0 && ((from - to) / from) * 100 > limitPct + 1e-9;
