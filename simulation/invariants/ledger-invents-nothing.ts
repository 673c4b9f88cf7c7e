import type { Order as ExchangeOrder } from "../../local/exchange/core/order.ts";
import { signOf } from "../../shared/domain/orders/order-intent.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Observation } from "../observation.ts";
import type { Facts } from "./facts.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeOf, type Scene } from "./invariant.ts";

/** So old an answer of the broker may be; said here again, so that no change of it goes unseen. */
const STALE_ANSWER_MS = 4_000;

type CellWritten = Extract<Observation, { type: "cellWritten" }>;

/**
 * (13) The ledger invents no fill and counts none twice: no claim and no history knows of more than
 * the broker filled, and a holding changes by exactly what claims came to, unless it takes the
 * broker's own position over.
 */
export const ledgerInventsNothing: Invariant = {
  name: "ledger-invents-nothing",
  judge: judgeOf(["eventsAppended", "cellWritten"], (observation, scene) => {
    if (observation.type === "eventsAppended") return judgeEvents(observation, scene);
    const { before, after } = observation;
    if (before === undefined || before === "damaged") return judgeRebuilt(observation, scene);
    return [
      ...judgeClaims(before, after, scene.facts),
      ...judgeHoldings(observation, before, scene),
    ];
  }),
};

/** What is rebuilt holds what the broker holds, unless that moved while it was being read. */
const judgeRebuilt = (
  { after, actor }: CellWritten,
  { facts, view }: Scene,
): readonly Finding[] => {
  if (after.version === 1 || actor === undefined) return HOLDS;
  const sinceMs = facts.startedAtMs(actor);
  const moved = new Set<string>();
  for (const { symbol, atMs } of view.exchange.listFills()) if (atMs >= sinceMs) moved.add(symbol);
  return view.exchange.listPositions().flatMap(({ symbol, quantity }) => {
    const isMoving = moved.has(symbol) || facts.isDisturbedSince(symbol, sinceMs);
    return isMoving || (after.holdings[symbol]?.quantity ?? 0) === quantity
      ? HOLDS
      : broken(`A rebuilt cell does not hold the ${symbol} that the broker holds.`);
  });
};

const judgeEvents = (
  { clientOrderId, events }: Extract<Observation, { type: "eventsAppended" }>,
  { facts }: Scene,
): readonly Finding[] => {
  const filled = facts.orderOf(clientOrderId)?.filledQuantity ?? 0;
  const isInvented = events.some(
    (event) => event.type === "fillObserved" && event.cumulativeFilled > filled,
  );
  return isInvented
    ? broken("A history tells of more than the broker filled.", clientOrderId)
    : HOLDS;
};

const judgeClaims = (before: ControlCell, after: ControlCell, facts: Facts): readonly Finding[] =>
  Object.values(after.inFlight).flatMap((claim) => {
    const { clientOrderId, filled, closed } = claim;
    if (before.inFlight[clientOrderId] === claim) return HOLDS;
    const order = facts.orderOf(clientOrderId);
    const isMore = filled > (order?.filledQuantity ?? 0) || closed > closedOf(order, facts);
    return isMore ? broken("A claim knows of more than the broker filled.", clientOrderId) : HOLDS;
  });

const closedOf = (order: ExchangeOrder | undefined, facts: Facts): number =>
  order === undefined
    ? 0
    : facts.legsOf(order.id).reduce((total, leg) => total + leg.filledQuantity, 0);

const judgeHoldings = (
  { after, actor }: CellWritten,
  before: ControlCell,
  { facts, view }: Scene,
): readonly Finding[] => {
  if (after.holdings === before.holdings) return HOLDS;
  const sinceMs = actor === undefined ? -Infinity : facts.startedAtMs(actor);
  const symbols = new Set([...Object.keys(before.holdings), ...Object.keys(after.holdings)]);
  return [...symbols].flatMap((symbol) => {
    const from = before.holdings[symbol]?.quantity ?? 0;
    const to = after.holdings[symbol]?.quantity ?? 0;
    if (to === from + progressOf(symbol, before, after, facts)) return HOLDS;
    const held = view.exchange.listPositions().find((position) => position.symbol === symbol);
    const isTakenOver = to === (held?.quantity ?? 0);
    const isDisturbed = facts.isDisturbedSince(symbol, sinceMs - STALE_ANSWER_MS);
    return isTakenOver || isDisturbed
      ? HOLDS
      : broken(`The ledger's ${symbol} went from ${from} to ${to}, and no fill explains it.`);
  });
};

/** What the claims of a symbol came to between two cells; one that is gone is as the broker has it. */
const progressOf = (
  symbol: string,
  before: ControlCell,
  after: ControlCell,
  facts: Facts,
): number => {
  let total = 0;
  const ids = new Set([...Object.keys(before.inFlight), ...Object.keys(after.inFlight)]);
  for (const id of ids) {
    const was = before.inFlight[id];
    const is = after.inFlight[id];
    const claim = is ?? was;
    if (claim === undefined || claim.symbol !== symbol || was === is) continue;
    const order = facts.orderOf(id);
    const filled = is?.filled ?? order?.filledQuantity ?? 0;
    const closed = is?.closed ?? closedOf(order, facts);
    // A claim that is new here was opened again, as far as its history goes: booked already.
    const from = was ?? claim;
    total += signOf(claim.side) * (filled - from.filled - (closed - from.closed));
  }
  return total;
};
