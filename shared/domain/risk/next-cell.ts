import { ZERO_USD } from "../market/money.ts";
import type { SessionDate } from "../market/session-date.ts";
import type { ControlCell, DayCounters } from "./control-cell.ts";

/** The cell after a change: its version is one higher. */
export const nextCell = (cell: ControlCell, change: Partial<ControlCell>): ControlCell => ({
  ...cell,
  ...change,
  version: cell.version + 1,
});

/** The counters of a session, fresh if the cell's are of another one. */
export const dayOf = (cell: ControlCell, sessionDate: SessionDate): DayCounters =>
  cell.day?.sessionDate === sessionDate
    ? cell.day
    : {
        sessionDate,
        entries: 0,
        exits: 0,
        startingEquity: null,
        realizedProfit: ZERO_USD,
        rejects: [],
      };
