import { isOpen, remainingQuantity } from "../../local/exchange/core/order.ts";
import { broken, HOLDS, type Invariant } from "./invariant.ts";

/**
 * (15) Exits only reduce: no more is on sale than is held, no exit is sent while a
 * bracket holds the shares, and none of ours leaves a position on its own side.
 */
export const exitsOnlyReduce: Invariant = {
  name: "exits-only-reduce",
  judge: (observation, { facts, view }) => {
    if (observation.type === "brokerRequestArrived") {
      const { purpose, symbol, clientOrderId } = observation.intent;
      const query = { status: "open", limit: 500, direction: "asc", symbols: [symbol] } as const;
      const isHeld = view.exchange.listOrders(query).some(({ parentId }) => parentId !== undefined);
      return purpose === "exit" && isHeld && facts.disturbedAtMs(symbol) === undefined
        ? broken("An exit was sent while a bracket holds the shares.", clientOrderId)
        : HOLDS;
    }
    if (observation.type !== "brokerFill") return HOLDS;
    const { orderId, symbol, side } = observation.fill;
    const order = view.exchange.getOrder(orderId);
    if (order === undefined || facts.disturbedAtMs(symbol) !== undefined) return HOLDS;
    const isExit = order.parentId !== undefined || EXIT.test(order.clientOrderId);
    if (!isExit) return HOLDS;
    const held = view.exchange.getPosition(symbol)?.quantity ?? 0;
    if (side === "sell" ? held < 0 : held > 0) {
      return broken(`An exit has turned the position in ${symbol} over.`, order.clientOrderId);
    }
    const query = { status: "open", limit: 500, direction: "asc", symbols: [symbol] } as const;
    const onSale = view.exchange
      .listOrders(query)
      .filter((one) => one.side === side && one.parentId === undefined && isOpen(one))
      .filter((one) => EXIT.test(one.clientOrderId))
      .reduce((total, one) => total + remainingQuantity(one), 0);
    return onSale > Math.abs(held)
      ? broken(`More of ${symbol} is on sale than is held.`, order.clientOrderId)
      : HOLDS;
  },
};

const EXIT = /^hf_.*_(exit|flatten)_\d+$/;
