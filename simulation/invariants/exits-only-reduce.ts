import { isOpen, remainingQuantity } from "../../local/exchange/core/order.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { Observation, WorldView } from "../observation.ts";
import { claimsMade } from "./facts.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/**
 * (15) Exits only reduce: no more is claimed or on sale than is held, no exit is sent for shares that a
 * bracket holds, and none of ours leaves a position on its own side.
 */
export const exitsOnlyReduce: Invariant = {
  name: "exits-only-reduce",
  judge: judgeOf(["cellWritten", "brokerRequestArrived", "brokerFill"], (observation, scene) => {
    const { facts, view } = scene;
    if (observation.type === "cellWritten") return judgeClaims(observation);
    if (observation.type === "brokerRequestArrived") {
      const { purpose, symbol, clientOrderId, quantity } = observation.intent;
      if (purpose !== "exit" || facts.disturbedAtMs(symbol) !== undefined) return HOLDS;
      // What was under way for minutes left before the bracket was there; the broker refuses it.
      if (observation.atMs - observation.sentAtMs > UNDER_WAY_MS) return HOLDS;
      const bracketed = bracketedShares(view, symbol);
      // What is seen is seen after the request took effect.
      const filled = view.exchange.getOrderByClientOrderId(clientOrderId)?.filledQuantity ?? 0;
      const held = Math.abs(view.exchange.getPosition(symbol)?.quantity ?? 0) + filled;
      return bracketed > 0 && quantity > held - bracketed
        ? broken("An exit was sent while a bracket holds the shares.", clientOrderId)
        : HOLDS;
    }
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
  }),
};

/** No exit is claimed for more than the books hold and no other exit closes already. */
const judgeClaims = ({
  before,
  after,
  actor,
}: Extract<Observation, { type: "cellWritten" }>): readonly Finding[] => {
  if (actor?.functionName !== "execute-orders" || typeof before !== "object") return HOLDS;
  // Restored books are not what an exit is sized by.
  if (before.reconciliation.restoredAsOfMs !== undefined) return HOLDS;
  return claimsMade(before, after).flatMap(({ purpose, symbol, quantity, clientOrderId }) => {
    if (purpose !== "exit") return HOLDS;
    const closing = Object.values(before.inFlight)
      .filter((one) => one.symbol === symbol && one.purpose === "exit")
      .reduce((total, one) => total + one.quantity - one.filled, 0);
    const held = Math.abs(before.holdings[symbol]?.quantity ?? 0);
    return quantity > held - closing
      ? broken(`An exit was claimed for more of ${symbol} than is left to close.`, clientOrderId)
      : HOLDS;
  });
};

/** A request that arrives later than this was given up by us long before. */
const UNDER_WAY_MS = 60_000;

/** The shares of a position that brackets around its entries may still sell. */
const bracketedShares = (view: WorldView, symbol: Ticker): number => {
  const query = { status: "open", limit: 500, direction: "asc", symbols: [symbol] } as const;
  const byParent = new Map<string, number>();
  for (const order of view.exchange.listOrders(query)) {
    if (order.parentId === undefined) continue;
    // Of a bracket's two orders one is executed at most.
    const most = Math.max(byParent.get(order.parentId) ?? 0, remainingQuantity(order));
    byParent.set(order.parentId, most);
  }
  return [...byParent.values()].reduce((total, shares) => total + shares, 0);
};

const EXIT = /^hf_.*_(exit|flatten)_\d+$/;
