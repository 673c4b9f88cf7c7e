import { formatMoney, type Money, moneyToFloat, ZERO_USD } from "../market/money.ts";
import type { SessionDate } from "../market/session-date.ts";
import type { AccountReading, ControlCell } from "./control-cell.ts";
import { dayOf, nextCell } from "./next-cell.ts";
import { reduceTrading } from "./trading-state.ts";

/**
 * Records what the broker said of the account; the first reading of a session is its start. A loss
 * beyond the daily limit, or beyond the drawdown from the highest equity ever read, leaves exits
 * only, and so does a loss that cannot be computed.
 */
export const observeAccount = (
  cell: ControlCell,
  reading: AccountReading,
  sessionDate: SessionDate | undefined,
): ControlCell => {
  const day = sessionDate === undefined ? cell.day : dayOf(cell, sessionDate);
  const startingEquity = day?.startingEquity ?? reading.equity;
  const peakEquity = Math.max(cell.peakEquity ?? reading.equity, reading.equity) as Money;
  const observed = nextCell(cell, {
    accountReading: reading,
    cashFlow: ZERO_USD,
    peakEquity,
    day: day === null ? null : { ...day, startingEquity },
  });
  const reason =
    lossReason("The day's loss", startingEquity, reading.equity, cell.limits.maxDailyLossPct) ??
    lossReason("The drawdown", peakEquity, reading.equity, cell.limits.maxDrawdownPct);
  return reason === undefined
    ? observed
    : reduceTrading(observed, { reason, by: "loss-limit", atMs: reading.observedAtMs });
};

const lossReason = (name: string, from: Money, to: Money, limitPct: number): string | undefined => {
  const lossPct =
    from > 0 ? ((moneyToFloat(from) - moneyToFloat(to)) / moneyToFloat(from)) * 100 : 0;
  if (lossPct < limitPct) return undefined;
  const amounts = `from ${formatMoney(from)} to ${formatMoney(to)} USD`;
  return `${name} is ${lossPct.toFixed(2)} % (${amounts}); the limit is ${limitPct} %.`;
};
