import { parseClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import { formatQuantity, type Quantity } from "../../shared/domain/market/quantity.ts";
import type { Observation } from "../observation.ts";
import { type Finding, HOLDS, type Invariant, judgeOf, type Scene } from "./invariant.ts";

/**
 * (14) The ledger says "clean" only when it is, and names no difference in what is held that is none: whatever nothing is in flight for is held at the
 * broker as the ledger has it, and every order of ours that works there has its claim. Nor does it
 * say "flat" before nothing is held there and nothing works. What others did while the broker was
 * being read is for the next run to see.
 */
export const cleanIsTrue: Invariant = {
  name: "clean-is-true",
  judge: judgeOf(["cellWritten"], (observation, scene) => {
    const { facts, view } = scene;
    const { before, after, actor } = observation;
    const untrue = judgeDifference(observation, scene);
    if (untrue !== undefined) return [untrue];
    const left = judgeFlat(observation, scene);
    if (left !== undefined) return [left];
    const isNew =
      after.reconciliation.state === "clean" &&
      (before === undefined ||
        before === "damaged" ||
        before.reconciliation.cleanAtMs !== after.reconciliation.cleanAtMs);
    if (!isNew || actor === undefined) return HOLDS;
    const sinceMs = facts.startedAtMs(actor);
    const isDisturbed = (symbol: string): boolean => facts.isDisturbedSince(symbol, sinceMs);
    const claimed = new Set<string>(Object.values(after.inFlight).map(({ symbol }) => symbol));
    const positions = new Map<string, number>(
      view.exchange.listPositions().map(({ symbol, quantity }) => [symbol, quantity]),
    );
    const findings: Finding[] = [];
    for (const symbol of new Set([...positions.keys(), ...Object.keys(after.holdings)])) {
      if (claimed.has(symbol) || isDisturbed(symbol)) continue;
      const ledger = after.holdings[symbol]?.quantity ?? 0;
      const broker = positions.get(symbol) ?? 0;
      if (ledger === broker) continue;
      findings.push({ detail: `Clean, with ${symbol} ${ledger} here and ${broker} there.` });
    }
    const query = { status: "open", limit: 1_000, direction: "asc" } as const;
    for (const { clientOrderId, parentId, symbol, createdAtMs } of view.exchange.listOrders(
      query,
    )) {
      const isOurs = parentId === undefined && parseClientOrderId(clientOrderId) !== undefined;
      if (!isOurs || after.inFlight[clientOrderId] !== undefined) continue;
      if (isDisturbed(symbol) || createdAtMs >= sinceMs) continue;
      findings.push({ detail: "Clean, with an order that no claim stands for.", clientOrderId });
    }
    return findings;
  }),
};

/** Everything was to be closed, and trading halts because it is: then it is. */
const judgeFlat = (
  { before, after, actor }: Extract<Observation, { type: "cellWritten" }>,
  { facts, view }: Scene,
): Finding | undefined => {
  const { mode, reason } = after.tradingState;
  if (typeof before !== "object" || actor === undefined) return undefined;
  if (!before.tradingState.isFlattening || mode !== "halted" || !reason.startsWith("Flat."))
    return undefined;
  const sinceMs = facts.startedAtMs(actor);
  const query = { status: "open", limit: 1_000, direction: "asc" } as const;
  const left = [
    ...view.exchange.listPositions().filter(({ quantity }) => quantity !== 0),
    ...view.exchange.listOrders(query).filter(({ createdAtMs }) => createdAtMs < sinceMs),
  ].find(({ symbol }) => !facts.isDisturbedSince(symbol, sinceMs));
  return left === undefined
    ? undefined
    : { detail: `Trading halted as flat, and something of ${left.symbol} is left.` };
};

/** `IBM: ledger 2, broker 0.`, the reason for which reconciliation lets only exits through. */
const DIFFERENCE = /^([A-Z.-]+): ledger \S+, broker (\S+)\.$/;

/** A position that could not be read is no position of nothing. */
const judgeDifference = (
  { before, after, actor }: Extract<Observation, { type: "cellWritten" }>,
  { facts, view }: Scene,
): Finding | undefined => {
  const { mode, reason } = after.tradingState;
  if (before === undefined || before === "damaged" || actor === undefined) return undefined;
  if (before.tradingState.mode !== "active" || mode !== "reducing") return undefined;
  const [, symbol, broker] = DIFFERENCE.exec(reason) ?? [];
  if (symbol === undefined) return undefined;
  const sinceMs = facts.startedAtMs(actor);
  const hasMoved =
    facts.isDisturbedSince(symbol, sinceMs) ||
    view.exchange.listFills().some((fill) => fill.symbol === symbol && fill.atMs >= sinceMs);
  const position = view.exchange.listPositions().find((one) => one.symbol === symbol);
  const held = formatQuantity(position?.quantity ?? (0 as Quantity));
  return hasMoved || held === broker
    ? undefined
    : { detail: `Entries were stopped because of ${broker} ${symbol}; the broker has ${held}.` };
};
