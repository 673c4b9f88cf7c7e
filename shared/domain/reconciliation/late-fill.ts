import { addMoney, notional, subtractMoney } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import { type Quantity, ZERO_SHARES } from "../market/quantity.ts";
import type { BrokerOrder } from "../orders/broker-state.ts";
import type { Order } from "../orders/order.ts";
import { signOf } from "../orders/order-intent.ts";
import { type ControlCell, holdingOf } from "../risk/control-cell.ts";
import { nextCell } from "../risk/next-cell.ts";
import { fillBetween, tradeHolding } from "../risk/trade-holding.ts";

/** An order that was over and settled, and of which the broker now reports more fills. */
export type LateFill = { readonly order: Order; readonly report: BrokerOrder };

/** Whether the broker reports more of a settled order than its history knows. */
export const isLateFill = ({ order, report }: LateFill): boolean =>
  report.filled > order.filled ||
  report.legs.some((leg) => leg.filled > (order.legFills[leg.brokerOrderId] ?? 0));

/** Moves what filled after an order was settled into the holding: ours, and late. */
export const applyLateFill = (cell: ControlCell, late: LateFill, atMs: number): ControlCell => {
  const { order, report } = late;
  const { symbol, side } = order.intent;
  let holding = holdingOf(cell, symbol);
  let { day, cashFlow } = cell;
  const direction = signOf(side);
  for (const { sign, fill } of lateFills(late)) {
    if (fill === undefined) continue;
    const signed = (direction * sign * fill.quantity) as Quantity;
    const traded = tradeHolding(holding, signed, fill.price, atMs);
    holding = traded.holding;
    cashFlow = subtractMoney(cashFlow, notional(fill.price, signed));
    if (day !== null) {
      day = { ...day, realizedProfit: addMoney(day.realizedProfit, traded.realized) };
    }
  }
  const isMoved = holding !== holdingOf(cell, symbol) && report.symbol === symbol;
  return isMoved
    ? nextCell(cell, { holdings: { ...cell.holdings, [symbol]: holding }, day, cashFlow })
    : cell;
};

const lateFills = ({
  order,
  report,
}: LateFill): readonly {
  readonly sign: 1 | -1;
  readonly fill: { readonly quantity: Quantity; readonly price: Price } | undefined;
}[] => [
  {
    sign: 1,
    fill: fillBetween(
      { quantity: order.filled, averagePrice: order.averagePrice },
      { quantity: report.filled, averagePrice: report.averagePrice },
    ),
  },
  ...report.legs.map((leg) => ({
    sign: -1 as const,
    fill: fillBetween(
      {
        quantity: order.legFills[leg.brokerOrderId] ?? ZERO_SHARES,
        averagePrice: leg.averagePrice,
      },
      { quantity: leg.filled, averagePrice: leg.averagePrice },
    ),
  })),
];
