import { marketPhase } from "../../shared/domain/market/calendar.ts";
import { type OrderIntent, signOf } from "../../shared/domain/orders/order-intent.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { Claim, ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { DenialReason } from "../../shared/domain/risk/denial.ts";
import type { Actor } from "../observation.ts";
import { broken, HOLDS, type Invariant, judgeBy, type Scene, SKEW_MAX_MS } from "./invariant.ts";

/** What may stand against an exit: who trades and when, and that it reduces what is held. */
const AGAINST_EXITS: ReadonlySet<string> = new Set<DenialReason>([
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

/** A cell as it was from a moment on. */
type Known = { readonly cell: ControlCell; readonly fromMs: number };

/**
 * (10) Nothing that stops entries stops an exit: no exit is refused for a limit, a cooldown, an old
 * price, a difference or `reducing`; nor for anything that was not so while it was decided; and
 * whoever asks for everything to be closed leaves exits allowed.
 */
export const createExitsNeverBlocked = (): Invariant => {
  let cells: readonly Known[] = [];
  return {
    name: "exits-never-blocked",
    judge: judgeBy({
      cellWritten: ({ after, atMs }) => {
        // The newest of those that are too old to have been read stands for the time before.
        const kept = cells.findLastIndex(({ fromMs }) => fromMs <= atMs - DECIDING_MS);
        cells = [...cells.slice(Math.max(0, kept)), { cell: after, fromMs: atMs }];
        const { mode, isFlattening } = after.tradingState;
        return isFlattening && mode !== "reducing"
          ? broken(`Everything is to be closed while trading is ${mode}.`)
          : HOLDS;
      },
      ledgerRestored: ({ cell, atMs }) => {
        cells = cell === undefined ? [] : [...cells, { cell, fromMs: atMs }];
        return HOLDS;
      },
      eventsAppended: ({ clientOrderId, events, actor, atMs }, scene) => {
        const reasons = events.flatMap(refusalsIn);
        const [first] = scene.view.eventsOf(clientOrderId);
        if (reasons.length === 0 || first?.type !== "intentRecorded") return HOLDS;
        const { intent } = first;
        if (intent.purpose !== "exit") return HOLDS;
        const wrong = reasons.find((reason) => !AGAINST_EXITS.has(reason));
        if (wrong !== undefined) return broken(`An exit was refused for ${wrong}.`, clientOrderId);
        if (actor === undefined) return HOLDS;
        const sinceMs = scene.facts.startedAtMs(actor);
        const from = cells.findLastIndex(({ fromMs }) => fromMs <= sinceMs);
        // What a function has read before the first cell that is known here is not known either.
        const seen = from < 0 ? [] : cells.slice(from).map(({ cell }) => cell);
        const refusal = { intent, actor, sinceMs, atMs, seen };
        return reasons
          .filter((reason) => isUntrue(reason, refusal, scene))
          .flatMap((reason) =>
            broken(`An exit was refused for ${reason}, and it was not so.`, clientOrderId),
          );
      },
    }),
  };
};

/** Longer than an order is decided on; said here again, so that no change of it goes unseen. */
const DECIDING_MS = 60_000;

/** Names of reasons; one that had been claimed before expires with them as its cause. */
const refusalsIn = (event: OrderEvent): readonly string[] => {
  if (event.type === "denied") return event.denials.map(({ reason }) => reason);
  const isRefused = event.type === "expired" && event.cause.startsWith(DENIED);
  return isRefused ? event.cause.slice(DENIED.length).split(", ") : [];
};

const DENIED = "Denied: ";

/** An exit that was refused, when, and every cell that whoever did so can have read. */
type Refusal = {
  readonly intent: OrderIntent;
  readonly actor: Actor;
  readonly sinceMs: number;
  readonly atMs: number;
  readonly seen: readonly ControlCell[];
};

const isUntrue = (reason: string, refusal: Refusal, { facts, view }: Scene): boolean => {
  const { intent, actor, sinceMs, atMs, seen } = refusal;
  const { symbol } = intent;
  switch (reason) {
    case "tradingHalted":
      return !facts.haltedSince(sinceMs);
    case "notActiveRegion":
      return view.regions.every(
        ({ name }) => name === actor.region || !facts.heldSince(name, sinceMs),
      );
    case "outsideSession": {
      const moments = [sinceMs - SKEW_MAX_MS, atMs + SKEW_MAX_MS].map(marketPhase);
      return moments.every(
        ({ phase, session }) => phase === "open" && session?.date === intent.sessionDate,
      );
    }
    case "intentExpired":
      return atMs + SKEW_MAX_MS < intent.validUntilMs;
    case "quantityInvalid":
      return intent.quantity > 0;
    case "wrongAccount":
      return intent.account === view.settings.account;
    case "tooManyInFlight":
      return isAlways(seen, (cell) => {
        const unsettled = Object.values(cell.inFlight).filter(
          ({ stage }) => stage !== "protecting",
        );
        return unsettled.length <= 2 * cell.limits.maxInFlight;
      });
    case "notReducing":
      // Books that do not agree with the broker are not what decides.
      return isAlways(seen, (cell) => {
        const held = cell.holdings[symbol]?.quantity ?? 0;
        return isCertain(cell) && Math.sign(held) === -signOf(intent.side);
      });
    case "exitInFlight":
      return isAlways(seen, (cell) => {
        const held = Math.abs(cell.holdings[symbol]?.quantity ?? 0);
        return isCertain(cell) && held > closingIn(cell, symbol);
      });
    case "entryWorking":
      return isAlways(seen, (cell) => isCertain(cell) && !entriesIn(cell, symbol).some(isWorking));
    default:
      return false;
  }
};

const isAlways = (seen: readonly ControlCell[], isSo: (cell: ControlCell) => boolean): boolean =>
  seen.length > 0 && seen.every(isSo);

const isCertain = ({ reconciliation }: ControlCell): boolean => reconciliation.state === "clean";

const isWorking = ({ stage }: Claim): boolean => stage === "working";

const entriesIn = ({ inFlight }: ControlCell, symbol: string): readonly Claim[] =>
  Object.values(inFlight).filter((one) => one.symbol === symbol && one.purpose === "entry");

/** What exits that are claimed already may still close. */
const closingIn = ({ inFlight }: ControlCell, symbol: string): number =>
  Object.values(inFlight)
    .filter((one) => one.symbol === symbol && one.purpose === "exit")
    .reduce((total, { quantity, filled }) => total + quantity - filled, 0);
