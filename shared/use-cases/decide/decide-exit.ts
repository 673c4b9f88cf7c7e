import type { Quantity } from "../../domain/market/quantity.ts";
import { absoluteQuantity } from "../../domain/market/quantity.ts";
import type { OrderIntent } from "../../domain/orders/order-intent.ts";
import { type ControlCell, holdingOf, isOpen } from "../../domain/risk/control-cell.ts";
import { exposureOf } from "../../domain/risk/exposure.ts";
import { splitDoubtOf } from "../../domain/risk/split-doubt.ts";
import { isUnprotected } from "../../domain/risk/unprotected.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Direction } from "../../domain/signals/direction.ts";
import { exitReasons } from "../../domain/signals/exit-rule.ts";
import type { CompositeScore } from "../../domain/signals/score.ts";
import type { DecisionInput } from "./decision-input.ts";
import { basisOf, intentOf } from "./decided-intent.ts";

/** The exit of what is held, or why a wanted one is not made; `undefined` where none is wanted. */
export const decideExit = (
  input: DecisionInput,
  score: CompositeScore | undefined,
  basic: Direction | undefined,
  settings: Settings,
): { readonly intent: OrderIntent } | { readonly reason: string } | undefined => {
  const { cell, symbol, session, nowMs } = input;
  if (cell === undefined) return undefined;
  const holding = holdingOf(cell, symbol);
  if (!isOpen(holding)) return undefined;
  const quote = input.quote ?? input.lastKnown;
  const positionReadAtMs = cell.accountReading?.observedAtMs;
  const doubt = splitDoubtOf({ position: holding, positionReadAtMs, quote, session, nowMs });
  if (doubt === "position") return { reason: "splitDoubt" };
  const pricing = doubt === "price" ? undefined : quote;
  const { isFlattening } = cell.tradingState;
  // Basic indicators are just strong enough to reverse.
  const signal =
    basic === undefined ? score : { direction: basic, score: settings.exit.reversalScoreMin };
  const rules = exitReasons(
    { position: holding, quote: pricing, signal, session, nowMs },
    settings.exit,
  );
  // Closed whatever has become of the reason to leave it.
  const isBare = isUnprotected(cell, symbol);
  if (rules.length === 0 && !isFlattening && !isBare) return undefined;
  const blocked = blockOf(input, cell, settings);
  if (blocked !== undefined) return { reason: blocked };
  const free = absoluteQuantity(holding.quantity) - exposureOf(cell, symbol).exits;
  if (free <= 0) return { reason: "exitInFlight" };
  const isLong = holding.quantity > 0;
  const price = isLong ? quote?.bid : quote?.ask;
  const reasons = [
    ...(isFlattening ? ["flatten"] : []),
    ...rules.map((rule) =>
      basic !== undefined && rule === "signalReversal"
        ? "signalReversal by basic indicators"
        : rule,
    ),
    ...(isBare ? ["unprotected"] : []),
  ];
  return {
    intent: intentOf(input, settings, {
      side: isLong ? "sell" : "buy",
      purpose: "exit",
      leg: isFlattening ? "flatten" : "exit",
      quantity: free as Quantity,
      pricing: { type: "market" },
      protection: null,
      referencePrice: price ?? holding.averagePrice,
      reason: reasons.join(", "),
      score: score?.score ?? null,
      basis: basisOf(quote, score),
    }),
  };
};

/** What stops every order of this Region now, exits included. */
const blockOf = (
  { session, sessionDate }: DecisionInput,
  cell: ControlCell,
  settings: Settings,
): string | undefined => {
  if (session === undefined || session.date !== sessionDate) return "outsideSession";
  if (cell.activeRegion !== settings.region) return "notActiveRegion";
  return cell.tradingState.mode === "halted" ? "tradingHalted" : undefined;
};
