import type { SessionDate } from "../market/session-date.ts";
import type { Ticker } from "../market/ticker.ts";
import type { ControlCell, RejectCount } from "./control-cell.ts";
import { dayOf, nextCell } from "./next-cell.ts";

/** More counts than a session needs; the oldest gives way, which only opens a latch again. */
const COUNTS_MAX = 100;

/** Counts a refusal of the broker's, so that the same mistake is not made all day long. */
export const countReject = (
  cell: ControlCell,
  reject: {
    readonly symbol: Ticker;
    readonly code: string;
    readonly sessionDate: SessionDate;
    readonly atMs: number;
  },
): ControlCell => {
  const { symbol, code, sessionDate, atMs } = reject;
  const day = dayOf(cell, sessionDate);
  const known = day.rejects.find((one) => one.symbol === symbol && one.code === code);
  const counted: RejectCount = { symbol, code, count: (known?.count ?? 0) + 1, lastAtMs: atMs };
  const others = day.rejects.filter((one) => one !== known);
  const rejects = [...others, counted].slice(-COUNTS_MAX);
  return nextCell(cell, { day: { ...day, rejects } });
};

/** The refusal that stops a symbol's entries for the session, if one was repeated too often. */
export const latchOf = (
  cell: ControlCell,
  symbol: Ticker,
  sessionDate: SessionDate,
): RejectCount | undefined => {
  const { day, limits } = cell;
  if (day === null || day.sessionDate !== sessionDate) return undefined;
  return day.rejects.find((one) => one.symbol === symbol && one.count >= limits.rejectsToLatch);
};
