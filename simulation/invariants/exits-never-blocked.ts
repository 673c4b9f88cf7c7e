import type { DenialReason } from "../../shared/domain/risk/denial.ts";
import { broken, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/** What may stand against an exit: who trades and when, and that it reduces what is held. */
const AGAINST_EXITS: ReadonlySet<DenialReason> = new Set([
  "alreadyClaimed",
  "notActiveRegion",
  "tradingHalted",
  "outsideSession",
  "intentExpired",
  "quantityInvalid",
  "wrongAccount",
  "notReducing",
  "exitInFlight",
  "protectionWorking",
  "entryWorking",
  "tooManyInFlight",
]);

/**
 * (10) Nothing that stops entries stops an exit: no exit is refused for a limit, a cooldown, an old
 * price, a difference or `reducing`, nor for a halt that trading is not in; and whoever asks for
 * everything to be closed leaves exits allowed.
 */
export const exitsNeverBlocked: Invariant = {
  name: "exits-never-blocked",
  judge: judgeOf(["cellWritten", "eventsAppended"], (observation, { facts, view }) => {
    if (observation.type === "cellWritten") {
      const { mode, isFlattening } = observation.after.tradingState;
      return isFlattening && mode !== "reducing"
        ? broken(`Everything is to be closed while trading is ${mode}.`)
        : HOLDS;
    }
    const { clientOrderId, events, actor } = observation;
    const reasons = events.flatMap((event) =>
      event.type === "denied" ? event.denials.map(({ reason }) => reason) : [],
    );
    const [first] = view.eventsOf(clientOrderId);
    if (reasons.length === 0 || first?.type !== "intentRecorded") return HOLDS;
    if (first.intent.purpose !== "exit") return HOLDS;
    const wrong = reasons.find((reason) => !AGAINST_EXITS.has(reason));
    if (wrong !== undefined) {
      return broken(`An exit was refused for ${wrong}.`, clientOrderId);
    }
    const wasHalted = facts.haltedSince(actor === undefined ? -Infinity : facts.startedAtMs(actor));
    return reasons.includes("tradingHalted") && !wasHalted
      ? broken("An exit was refused for a halt, and trading was not halted.", clientOrderId)
      : HOLDS;
  }),
};
