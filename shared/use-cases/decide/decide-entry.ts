import { notional } from "../../domain/market/money.ts";
import type { QuotedPrice } from "../../domain/market/quote.ts";
import type { DecisionBasis, OrderIntent } from "../../domain/orders/order-intent.ts";
import { holdingOf } from "../../domain/risk/control-cell.ts";
import { usedUpFor } from "../../domain/risk/entry-room.ts";
import { refusalOf } from "../../domain/risk/guard.ts";
import { cellBehind } from "../../domain/risk/proposals.ts";
import { settlingIn } from "../../domain/risk/settling.ts";
import type { Settings } from "../../domain/settings.ts";
import { proposeEntry } from "../../domain/signals/entry-rule.ts";
import type { CompositeScore } from "../../domain/signals/score.ts";
import type { DecisionInput } from "./decision-input.ts";
import { basisOf, intentOf } from "./decided-intent.ts";

/** An entry, or why there is none: by the entry rule, or by the guard, asked before it is sent. */
export const decideEntry = (
  input: DecisionInput,
  quote: QuotedPrice,
  score: CompositeScore,
  settings: Settings,
): OrderIntent | string => {
  const { cell, symbol, nowMs } = input;
  if (cell === undefined) return "accountUnknown";
  if (settlingIn(cell).has(symbol)) return "inFlight";
  const proposed = proposeEntry(
    {
      direction: score.direction,
      gateReasons: [],
      quote,
      positionQuantity: holdingOf(cell, symbol).quantity,
    },
    settings.entry,
  );
  if (!proposed.ok) return proposed.error;
  const { side, quantity, limitPrice, stopPrice, targetPrice, referencePrice } = proposed.value;
  // What the account has used up needs no order to be refused, and no look at the symbol.
  const { proposals } = input;
  const usedUp = proposals?.room && usedUpFor(proposals.room, notional(limitPrice, quantity));
  if (usedUp !== undefined) return usedUp;
  const intent = intentOf(input, settings, {
    side,
    purpose: "entry",
    leg: "entry",
    quantity,
    pricing: { type: "limit", limitPrice },
    protection: { stopPrice, targetPrice },
    referencePrice,
    reason: "",
    score: score.score,
    basis: NO_BASIS,
  });
  // What the guard would refuse already is no order to send; it decides again when one is.
  const { region } = settings;
  const behind = proposals === undefined ? cell : cellBehind(proposals, nowMs);
  const refusal = refusalOf({ intent, cell: behind, quote, session: input.session, region, nowMs });
  if (refusal !== undefined) return refusal;
  // What tells people why is put into words for what is sent alone; the guard reads none of it.
  const reason = `score ${score.score.toFixed(2)} ${score.direction}`;
  return { ...intent, reason, basis: basisOf(quote, score) };
};

const NO_BASIS: DecisionBasis = { quote: null, score: null };
