import { stoppedAt } from "../../domain/funnel/funnel.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { OrderIntent } from "../../domain/orders/order-intent.ts";
import type { Settings } from "../../domain/settings.ts";
import { basicDirection, isModelUsable } from "../../domain/signals/basic-signal.ts";
import type { Direction } from "../../domain/signals/direction.ts";
import { gateReasons } from "../../domain/signals/gate.ts";
import { scoreFlow, type CompositeScore } from "../../domain/signals/score.ts";
import type { WeighedFlow } from "../../domain/signals/weigh-flow.ts";
import { decideEntry } from "./decide-entry.ts";
import { decideExit } from "./decide-exit.ts";
import type { DecisionInput } from "./decision-input.ts";

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

/** Where a symbol left the funnel, and why; the same place and reason are the same object. */
type Stop = {
  readonly stage: DecisionStage;
  readonly reason: string;
  /** Under which it is counted. */
  readonly key: string;
};

/** The stages of the funnel that a decision covers. */
type DecisionStage = "scored" | "gated" | "intended";

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
