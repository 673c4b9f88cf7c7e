import { stoppedAt } from "../domain/funnel/funnel.ts";
import type { Session } from "../domain/market/calendar.ts";
import { notional } from "../domain/market/money.ts";
import { absoluteQuantity, type Quantity } from "../domain/market/quantity.ts";
import type { QuotedPrice } from "../domain/market/quote.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import { clientOrderIdOf } from "../domain/orders/client-order-id.ts";
import type { DecisionBasis, Leg, OrderIntent, Side } from "../domain/orders/order-intent.ts";
import { holdingOf, isOpen, type ControlCell, type Holding } from "../domain/risk/control-cell.ts";
import { usedUpFor } from "../domain/risk/entry-room.ts";
import { exposureOf } from "../domain/risk/exposure.ts";
import { refusalOf } from "../domain/risk/guard.ts";
import { cellBehind, type Proposals } from "../domain/risk/proposals.ts";
import { settlingIn } from "../domain/risk/settling.ts";
import { splitDoubtOf } from "../domain/risk/split-doubt.ts";
import { isUnprotected } from "../domain/risk/unprotected.ts";
import type { Settings } from "../domain/settings.ts";
import { basicDirection, type BasicTrack, isModelUsable } from "../domain/signals/basic-signal.ts";
import type { Direction } from "../domain/signals/direction.ts";
import type { EnrichedFlow } from "../domain/signals/enrich-flow.ts";
import { proposeEntry } from "../domain/signals/entry-rule.ts";
import { exitReasons } from "../domain/signals/exit-rule.ts";
import type { MarketTide } from "../domain/signals/flow.ts";
import { gateReasons } from "../domain/signals/gate.ts";
import { scoreFlow, type CompositeScore } from "../domain/signals/score.ts";
import type { WeighedFlow } from "../domain/signals/weigh-flow.ts";

/** What a decision about one symbol rests on. */
export type DecisionInput = {
  readonly symbol: Ticker;
  /** The newest valid quote of this message. */
  readonly quote: QuotedPrice | undefined;
  /** The last known quote, however old: for exits only. */
  readonly lastKnown: QuotedPrice | undefined;
  readonly flow: EnrichedFlow | undefined;
  /** Of the whole market; `undefined` where it is not known. */
  readonly tide: MarketTide | undefined;
  /** What the symbol's score before rests on: saves work, changes no result, is itself carried on. */
  readonly weighedBefore?: WeighedFlow | undefined;
  /** The basic indicators of what is held, asked for its exit while the model is missing. */
  readonly basic?: BasicTrack | undefined;
  /** Why there is no flow, asked where there is none: an outage is not "no flow". */
  readonly withoutFlow: "flowMissing" | "flowUnavailable" | "flowBroken";
  /** `undefined` where the account was never opened. */
  readonly cell: ControlCell | undefined;
  /** The symbol's position in the cell, where it was looked up already. */
  readonly holding?: Holding | undefined;
  /** The cell's symbols with an order that is not over, where they were looked up already. */
  readonly settling?: ReadonlySet<Ticker> | undefined;
  /** The entries in other symbols that were proposed for the cell already. */
  readonly proposals?: Proposals | undefined;
  /** The open session; `undefined` while the market is closed. */
  readonly session: Session | undefined;
  readonly sessionDate: SessionDate;
  /** Names the decision, epoch ms. */
  readonly slotMs: number;
  readonly nowMs: number;
};

/** Where a symbol left the funnel, and why; the same place and reason are the same object. */
type Stop = {
  readonly stage: DecisionStage;
  readonly reason: string;
  /** Under which it is counted. */
  readonly key: string;
};

/** The stages of the funnel that a decision covers. */
type DecisionStage = "scored" | "gated" | "intended";

/** What was decided about a symbol: at most one intent, else why there is none. */
export type Decision = {
  readonly symbol: Ticker;
  /** For as long as no later one of the symbol is made. */
  readonly score: WeighedFlow | undefined;
  /** Where the model is missing: what basic indicators say of what is held, for its exit alone. */
  readonly basic: Direction | undefined;
  readonly gateReasons: readonly string[];
  readonly passed: readonly DecisionStage[];
  readonly stop: Stop | undefined;
  readonly intent: OrderIntent | undefined;
};

/**
 * Decides about one symbol, the exit before any entry: what is held is closed on the last known
 * price if need be; only what is flat, with nothing in flight, scored, gated and priced by a fresh
 * quote is entered. Pure but for what it carries on of the symbol's weighing.
 */
export const decideSymbol = (input: DecisionInput, settings: Settings): Decision => {
  const { symbol, quote, flow, tide, nowMs } = input;
  const score = flow && scoreFlow(flow, tide, settings.weights, nowMs, input.weighedBefore);
  const basic = standInOf(input, score, settings);
  const exit = decideExit(input, score, basic, settings);
  if (exit !== undefined) {
    const isScored = score !== undefined;
    return "intent" in exit
      ? intended(symbol, score, basic, exit.intent, isScored ? SCORED_AND_INTENDED : INTENDED)
      : stopped(
          symbol,
          score,
          basic,
          NONE,
          isScored ? SCORED : NONE,
          stopOf("intended", exit.reason),
        );
  }
  if (score === undefined || quote === undefined) {
    const passed = score === undefined ? NONE : SCORED;
    return stopped(symbol, score, basic, NONE, passed, stopOf("scored", missingOf(input)));
  }
  const gate = gateReasons(score, settings.tier, settings.gate);
  const [gateReason] = gate;
  if (gateReason !== undefined) {
    return stopped(symbol, score, basic, gate, SCORED, stopOf("gated", gateReason));
  }
  const entry = decideEntry(input, quote, score, settings);
  return typeof entry === "string"
    ? stopped(symbol, score, basic, NONE, GATED, stopOf("intended", entry))
    : intended(symbol, score, basic, entry, GATED_AND_INTENDED);
};

/** The score where it can be relied on needs no stand-in. */
const standInOf = (
  { basic }: DecisionInput,
  score: CompositeScore | undefined,
  { gate }: Settings,
): Direction | undefined =>
  basic === undefined || isModelUsable(score, gate.freshnessMin)
    ? undefined
    : basicDirection(basic);

// Every symbol of every cycle comes to one of these: they are shared and never changed.
const NONE = [] as const;
const SCORED = ["scored"] as const;
const GATED = ["scored", "gated"] as const;
const INTENDED = ["intended"] as const;
const SCORED_AND_INTENDED = ["scored", "intended"] as const;
const GATED_AND_INTENDED = ["scored", "gated", "intended"] as const;

/** There are a few dozen reasons, each of which most cycles meet many times. */
const stops: Readonly<Record<DecisionStage, Map<string, Stop>>> = {
  scored: new Map(),
  gated: new Map(),
  intended: new Map(),
};

const stopOf = (stage: DecisionStage, reason: string): Stop => {
  // One symbol mostly ends as the one before it did.
  if (lastStop.reason === reason && lastStop.stage === stage) return lastStop;
  lastStop = stops[stage].get(reason) ?? firstStop(stage, reason);
  return lastStop;
};

const firstStop = (stage: DecisionStage, reason: string): Stop => {
  const stop: Stop = { stage, reason, key: stoppedAt(stage, reason) };
  stops[stage].set(reason, stop);
  return stop;
};

let lastStop = firstStop("scored", "flowMissing");

const stopped = (
  symbol: Ticker,
  score: Decision["score"],
  basic: Decision["basic"],
  reasons: readonly string[],
  passed: readonly DecisionStage[],
  stop: Stop,
): Decision => ({ symbol, score, basic, gateReasons: reasons, passed, stop, intent: undefined });

const intended = (
  symbol: Ticker,
  score: Decision["score"],
  basic: Decision["basic"],
  intent: OrderIntent,
  passed: readonly DecisionStage[],
): Decision => ({ symbol, score, basic, gateReasons: NONE, passed, stop: undefined, intent });

const missingOf = ({ flow, withoutFlow }: DecisionInput): string =>
  flow === undefined ? withoutFlow : "quoteMissing";

/** The exit of what is held, or why a wanted one is not made; `undefined` where none is wanted. */
const decideExit = (
  input: DecisionInput,
  score: CompositeScore | undefined,
  basic: Direction | undefined,
  settings: Settings,
): { readonly intent: OrderIntent } | { readonly reason: string } | undefined => {
  const { cell, symbol, session, nowMs } = input;
  if (cell === undefined) return undefined;
  const holding = input.holding ?? holdingOf(cell, symbol);
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

/** An entry, or why there is none: by the entry rule, or by the guard, asked before it is sent. */
const decideEntry = (
  input: DecisionInput,
  quote: QuotedPrice,
  score: CompositeScore,
  settings: Settings,
): OrderIntent | string => {
  const { cell, symbol, nowMs } = input;
  if (cell === undefined) return "accountUnknown";
  if ((input.settling ?? settlingIn(cell)).has(symbol)) return "inFlight";
  const proposed = proposeEntry(
    {
      direction: score.direction,
      gateReasons: NONE,
      quote,
      positionQuantity: (input.holding ?? holdingOf(cell, symbol)).quantity,
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

type IntentTerms = Pick<
  OrderIntent,
  | "purpose"
  | "quantity"
  | "pricing"
  | "protection"
  | "referencePrice"
  | "reason"
  | "score"
  | "basis"
> & { readonly side: Side; readonly leg: Leg };

/** What was looked at, as the order keeps it. */
const basisOf = (
  quote: QuotedPrice | undefined,
  score: CompositeScore | undefined,
): DecisionBasis => ({
  quote:
    quote === undefined
      ? null
      : {
          source: quote.source,
          bid: quote.bid,
          ask: quote.ask,
          exchangeTimeMs: quote.exchangeTimeMs,
        },
  score:
    score === undefined
      ? null
      : {
          direction: score.direction,
          conviction: score.conviction,
          freshness: score.freshness,
          components: score.components,
          missing: score.missing,
        },
});

const intentOf = (
  { symbol, sessionDate, slotMs, nowMs, session }: DecisionInput,
  { strategy, account, entryValidMs, exitValidMs }: Settings,
  terms: IntentTerms,
): OrderIntent => {
  const { side, purpose, leg } = terms;
  const key = { strategy, account, symbol, sessionDate, barTimeMs: slotMs, side, leg, revision: 0 };
  const validMs = purpose === "entry" ? entryValidMs : exitValidMs;
  // Named one by one: a rest of terms is copied key by key, which every symbol would pay for.
  return {
    clientOrderId: clientOrderIdOf(key),
    strategy,
    account,
    symbol,
    sessionDate,
    decidedAtMs: nowMs,
    validUntilMs: Math.min(nowMs + validMs, session?.closesAtMs ?? nowMs),
    side,
    purpose,
    quantity: terms.quantity,
    pricing: terms.pricing,
    protection: terms.protection,
    referencePrice: terms.referencePrice,
    reason: terms.reason,
    score: terms.score,
    basis: terms.basis,
  };
};
