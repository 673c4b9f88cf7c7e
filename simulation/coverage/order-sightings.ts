import { isOpen } from "../../local/exchange/core/order.ts";
import { epochMsToNewYork } from "../../shared/domain/market/new-york-time.ts";
import type { Claim } from "../../shared/domain/risk/control-cell.ts";
import type { Observation } from "../observation.ts";
import { type Sighting, sighting } from "./sighting.ts";

/** What happens to orders, fills and claims. */
export const ORDER_SIGHTINGS: readonly Sighting[] = [
  sighting(
    ["brokerRequestArrived"],
    "duplicate-id-refused",
    "the broker refused an id that it had already",
    ["defect 1"],
    (seen) => seen.type === "brokerRequestArrived" && seen.outcome === "alreadyExists",
  ),
  sighting(
    ["brokerAnswered"],
    "answer-lost-order-live",
    "a submission was unknown, and the order was at the broker",
    ["story 1"],
    (seen, facts) =>
      seen.type === "brokerAnswered" &&
      seen.outcome === "unknown" &&
      facts.orderOf(seen.clientOrderId) !== undefined,
  ),
  sighting(
    ["cellWritten"],
    "unknown-settled-found",
    "an unknown order was found",
    ["story 1"],
    (seen, facts) =>
      settledClaims(seen).some(
        (claim) => claim.stage === "unknown" && facts.orderOf(claim.clientOrderId) !== undefined,
      ),
  ),
  sighting(
    ["cellWritten"],
    "unknown-settled-absent",
    "an order was given up after a quiet window of denials",
    ["story 1", "story 2"],
    (seen, facts) =>
      settledClaims(seen).some(
        (claim) => claim.absentSinceMs !== null && facts.orderOf(claim.clientOrderId) === undefined,
      ),
  ),
  sighting(
    ["brokerRequestArrived"],
    "request-after-claim-was-over",
    "a request reached the broker after its claim had been given up",
    ["story 1"],
    (seen, facts) =>
      seen.type === "brokerRequestArrived" &&
      seen.outcome === "acknowledged" &&
      facts.cell()?.inFlight[seen.intent.clientOrderId] === undefined,
  ),
  {
    name: "orphan-cancelled",
    meaning: "an order without a claim was found, and its cancellation done",
    types: ["brokerOrderChanged", "eventsAppended"],
    failures: ["story 2", "story 11"],
    create: () => {
      const cancelled = new Set<string>();
      // The broker is asked before the history is written, and may be faster than that.
      return (seen) => {
        if (seen.type === "brokerOrderChanged" && seen.order.status === "canceled") {
          cancelled.add(seen.order.clientOrderId);
        }
        return (
          seen.type === "eventsAppended" &&
          hasEvent(seen, "orphaned") &&
          cancelled.delete(seen.clientOrderId)
        );
      };
    },
  },
  sighting(
    ["cellWritten"],
    "partial-fills-cumulated",
    "a claim learned of a second part of its order",
    ["story 7", "story 8", "story 9"],
    (seen) =>
      changedClaims(seen).some(
        ([before, after]) => before.filled > 0 && after.filled > before.filled,
      ),
  ),
  {
    name: "fills-missed-then-counted",
    meaning: "several fills of an order were learned of at once",
    types: ["brokerFill", "cellWritten"],
    failures: ["story 6"],
    create: () => {
      const unseen = new Map<string, number>();
      return (seen, facts) => {
        if (seen.type === "brokerFill") {
          unseen.set(seen.fill.orderId, (unseen.get(seen.fill.orderId) ?? 0) + 1);
        }
        return [...changedClaims(seen)].some(([before, after]) => {
          const id = facts.orderOf(after.clientOrderId)?.id ?? "";
          if (after.filled <= before.filled) return false;
          const missed = unseen.get(id) ?? 0;
          unseen.delete(id);
          return missed > 1;
        });
      };
    },
  },
  {
    name: "exit-cut-to-what-is-left",
    meaning: "an exit was sent for less than it was decided for",
    types: ["brokerRequestArrived", "eventsAppended"],
    failures: ["story 9", "defect 4"],
    create: () => {
      const wanted = new Map<string, number>();
      return (seen) => {
        if (seen.type === "eventsAppended") {
          for (const event of seen.events) {
            if (event.type !== "intentRecorded") continue;
            wanted.set(seen.clientOrderId, event.intent.quantity);
          }
        }
        if (seen.type !== "brokerRequestArrived") return false;
        const { clientOrderId, quantity } = seen.intent;
        return quantity < (wanted.get(clientOrderId) ?? 0);
      };
    },
  },
  sighting(
    ["eventsAppended"],
    "entry-shed",
    "an intent that came too late was shed, and its history says so",
    [],
    (seen) =>
      seen.type === "eventsAppended" &&
      seen.events.some(
        (event) =>
          event.type === "expired" && event.cause === "It was not sent while it was valid.",
      ),
  ),
  sighting(
    ["messageSent"],
    "exit-decided-under-backlog",
    "an exit was decided on market data that had waited for minutes",
    [],
    (seen) => seen.type === "messageSent" && seen.queue === "exits.fifo" && waitedMinutes(seen) > 1,
  ),
  sighting(
    ["brokerOrderChanged"],
    "filled-after-cancel",
    "a cancelled order filled after all",
    ["story 10"],
    (seen) =>
      seen.type === "brokerOrderChanged" &&
      seen.before !== undefined &&
      !isOpen(seen.before) &&
      seen.order.filledQuantity > seen.before.filledQuantity,
  ),
  sighting(
    ["cancelAsked"],
    "bracket-cancelled-for-exit",
    "a bracket was cancelled so that an exit could be sent",
    ["story 12"],
    (seen) => seen.type === "cancelAsked" && seen.actor.functionName === "execute-orders",
  ),
  sighting(
    ["cellWritten"],
    "bracket-closed-position",
    "the broker's own stop or target closed a position, and the ledger learned of it",
    ["story 12"],
    (seen) => changedClaims(seen).some(([before, after]) => after.closed > before.closed),
  ),
  sighting(
    ["cellWritten"],
    "short-position-held",
    "shares were sold short, and the ledger learned of it",
    [],
    (seen) => {
      if (seen.type !== "cellWritten" || typeof seen.before !== "object") return false;
      const { holdings } = seen.before;
      return Object.entries(seen.after.holdings).some(
        ([symbol, { quantity }]) => quantity < 0 && (holdings[symbol]?.quantity ?? 0) >= 0,
      );
    },
  ),
  sighting(
    ["cellWritten"],
    "loss-stopped-entries",
    "a loss went beyond a limit, and only exits were allowed",
    [],
    (seen) =>
      seen.type === "cellWritten" &&
      typeof seen.before === "object" &&
      seen.before.tradingState.mode === "active" &&
      seen.after.tradingState.by === "loss-limit",
  ),
  sighting(
    ["cellWritten"],
    "symbol-latched",
    "the broker refused a symbol's entries so often that none was sent any more",
    ["story 13"],
    (seen) =>
      seen.type === "cellWritten" &&
      typeof seen.before === "object" &&
      latchesIn(seen.after) > latchesIn(seen.before),
  ),
  sighting(
    ["cellWritten"],
    "reject-counted",
    "the broker's refusal was counted",
    ["story 13"],
    (seen) => {
      if (seen.type !== "cellWritten" || typeof seen.before !== "object") return false;
      const { rejects } = seen.after.day ?? { rejects: [] };
      return rejects !== seen.before.day?.rejects && rejects.length > 0;
    },
  ),
  sighting(
    ["faultStruck"],
    "claim-answer-lost",
    "a function sent under a claim whose write it had not heard back from",
    ["defect 2"],
    (seen) =>
      seen.type === "faultStruck" &&
      seen.fault.kind === "fail-after" &&
      seen.fault.where.includes("execute-orders") &&
      seen.fault.where.includes("ledger.put"),
  ),
];

const latchesIn = ({ day, limits }: CellWritten["after"]): number =>
  (day?.rejects ?? []).filter(({ count }) => count >= limits.rejectsToLatch).length;

/** For how many minutes the cycle had been over that an intent's id is named after. */
const waitedMinutes = ({ body, atMs }: Extract<Observation, { type: "messageSent" }>): number => {
  const { hour = "24", minute = "0" } = CYCLE.exec(body)?.groups ?? {};
  return epochMsToNewYork(atMs).msOfDay / 60_000 - (Number(hour) * 60 + Number(minute)) - 1;
};

const CYCLE = /"hf_[^"]*_\d{8}_(?<hour>\d\d)(?<minute>\d\d)_(?:buy|sell)_exit_/;

type CellWritten = Extract<Observation, { type: "cellWritten" }>;

const hasEvent = (
  { events }: Extract<Observation, { type: "eventsAppended" }>,
  type: string,
): boolean => events.some((event) => event.type === type);

/** Claims that stood before a write and are gone, or are known to be with the broker, after it. */
const settledClaims = (seen: Observation): readonly Claim[] =>
  isOverWhole(seen)
    ? Object.values(seen.before.inFlight).filter(({ clientOrderId, stage }) => {
        const after = seen.after.inFlight[clientOrderId];
        const isOpenStill = after?.stage === "claimed" || after?.stage === "unknown";
        return (stage === "claimed" || stage === "unknown") && !isOpenStill;
      })
    : [];

/** Claims as they stood before and after a write, where it changed them. */
const changedClaims = (seen: Observation): readonly (readonly [Claim, Claim])[] =>
  isOverWhole(seen)
    ? Object.values(seen.after.inFlight).flatMap((after) => {
        const before = seen.before.inFlight[after.clientOrderId];
        return before === undefined || before === after ? [] : [[before, after] as const];
      })
    : [];

const isOverWhole = (
  seen: Observation,
): seen is CellWritten & { readonly before: CellWritten["after"] } =>
  seen.type === "cellWritten" &&
  typeof seen.before === "object" &&
  seen.before.inFlight !== seen.after.inFlight;
