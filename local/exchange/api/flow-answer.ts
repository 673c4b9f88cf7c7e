import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import type { SeededFlow } from "../flow/seeded-flow.ts";
import type { Json } from "../faults/distort-body.ts";
import type { RouteAnswer, RouteInput } from "./api.ts";

/** Answers for a symbol of the path; one that the vendor does not know is 422. */
export const forSymbol =
  (flow: SeededFlow, answer: (symbol: Ticker, input: RouteInput) => Json) =>
  (input: RouteInput): RouteAnswer => {
    const symbol = parseTicker(input.parameters["symbol"] ?? "");
    return symbol !== undefined && flow.symbols.includes(symbol)
      ? { status: 200, body: { data: answer(symbol, input) } }
      : unprocessable("The ticker is unknown.", input);
  };

/** Unusual Whales' answer to a parameter that it cannot use. */
export const unprocessable = (msg: string, { path, query }: RouteInput): RouteAnswer => ({
  status: 422,
  body: { msg, path, query: Object.fromEntries(query) },
});
