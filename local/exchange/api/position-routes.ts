import { parseDecimal } from "../../../shared/domain/market/decimal.ts";
import {
  absoluteQuantity,
  parseQuantity,
  ZERO_SHARES,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import type { Exchange } from "../core/exchange.ts";
import { alpacaError, type Route } from "./api.ts";
import { refusalAnswer } from "./refusal-answer.ts";
import { toWirePosition } from "./wire-account.ts";
import { toWireOrder } from "./wire-order.ts";

/** Alpaca's positions over an exchange: list, look at one, close one or all. */
export const createPositionRoutes = (exchange: Exchange): readonly Route[] => [
  {
    method: "GET",
    pattern: "/v2/positions",
    answer: () => ({ status: 200, body: exchange.listPositions().map(toWirePosition) }),
  },
  {
    method: "DELETE",
    pattern: "/v2/positions",
    answer: ({ query, nowMs }) => {
      const cancelOrders = query.get("cancel_orders") === "true";
      const closings = exchange.closeAllPositions({ cancelOrders }, nowMs);
      return {
        status: 207,
        body: closings.map(({ symbol, result }) => {
          const answer = result.ok
            ? { status: 200, body: toWireOrder(result.value, undefined) }
            : refusalAnswer(result.error);
          return { symbol, status: answer.status, body: answer.body };
        }),
      };
    },
  },
  {
    method: "GET",
    pattern: "/v2/positions/{symbol}",
    answer: ({ parameters }) => {
      const symbol = parseTicker(parameters["symbol"] ?? "");
      const position = symbol === undefined ? undefined : exchange.getPosition(symbol);
      return position === undefined
        ? refusalAnswer({ type: "PositionNotFound", symbol: parameters["symbol"] ?? "" })
        : { status: 200, body: toWirePosition(position) };
    },
  },
  {
    method: "DELETE",
    pattern: "/v2/positions/{symbol}",
    answer: ({ parameters, query, nowMs }) => {
      const symbol = parseTicker(parameters["symbol"] ?? "");
      if (symbol === undefined) {
        return refusalAnswer({ type: "PositionNotFound", symbol: parameters["symbol"] ?? "" });
      }
      const held = exchange.getPosition(symbol)?.quantity ?? ZERO_SHARES;
      const quantity = parseClosingQuantity(query, held);
      if (quantity === undefined) return alpacaError(422, 40010001, "qty or percentage is invalid");
      const result = exchange.closePosition(symbol, quantity, nowMs);
      return result.ok
        ? { status: 200, body: toWireOrder(result.value, undefined) }
        : refusalAnswer(result.error);
    },
  },
];

/**
 * All of the position, the shares in `qty`, or the `percentage` of it; `undefined` if malformed.
 */
const parseClosingQuantity = (query: URLSearchParams, held: Quantity): Quantity | undefined => {
  const text = query.get("qty");
  if (text !== null) return parseQuantity(text);
  const whole = absoluteQuantity(held);
  const percentage = query.get("percentage");
  if (percentage === null) return whole;
  const millionths = parseDecimal(percentage, 6);
  if (millionths === undefined || millionths <= 0 || millionths > 100_000_000) return undefined;
  return Number((BigInt(whole) * BigInt(millionths)) / 100_000_000n) as Quantity;
};
