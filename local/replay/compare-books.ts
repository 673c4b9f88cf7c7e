import { formatMoney } from "../../shared/domain/market/money.ts";
import { formatQuantity, ZERO_SHARES } from "../../shared/domain/market/quantity.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Exchange } from "../exchange/core/exchange.ts";

/** What the ledger's cell and the exchange's book do not agree in, a sentence each. */
export const compareBooks = (cell: ControlCell, exchange: Exchange): readonly string[] => [
  ...compareHoldings(cell, exchange),
  ...Object.values(cell.inFlight).map(
    ({ clientOrderId, stage }) => `${clientOrderId} is still in flight (${stage}).`,
  ),
];

/** The same for positions and cash alone, which may be compared while orders work. */
export const compareHoldings = (cell: ControlCell, exchange: Exchange): readonly string[] => {
  const differences: string[] = [];
  const actual = new Map<string, number>(
    exchange.listPositions().map(({ symbol, quantity }) => [symbol, quantity]),
  );
  for (const symbol of new Set([...Object.keys(cell.holdings), ...actual.keys()])) {
    const held = cell.holdings[symbol]?.quantity ?? ZERO_SHARES;
    const there = (actual.get(symbol) ?? ZERO_SHARES) as typeof held;
    if (held === there) continue;
    differences.push(
      `The ledger holds ${formatQuantity(held)} ${symbol}, the exchange ${formatQuantity(there)}.`,
    );
  }
  const { cash } = exchange.getAccount();
  const known = cell.accountReading?.cash;
  if (known !== cash) {
    const text = known === undefined ? "no" : formatMoney(known);
    differences.push(`The ledger knows ${text} USD of cash, the exchange ${formatMoney(cash)}.`);
  }
  return differences;
};
