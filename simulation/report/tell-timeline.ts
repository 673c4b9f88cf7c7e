import { epochMsToNewYork } from "../../shared/domain/market/new-york-time.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Actor, Observation, ObservationType } from "../observation.ts";
import type { Violation } from "../seed-run.ts";
import { describeObservation, isSameState, placeOfObservation } from "./describe-observation.ts";

/** More lines than these nobody reads; the newest before the failure are kept. */
const LINES_MAX = 120;
/** Of a whole account's life the last minutes tell the most. */
const ACCOUNT_LINES_MAX = 50;

/**
 * What led to a violation, a line each with New York's time, oldest first: everything about the
 * order concerned and the functions that had to do with it, every change of who may trade, and
 * every fault; where no order is named, whatever changed the account.
 */
export const tellTimeline = (
  timeline: readonly Observation[],
  violation: Violation,
): readonly string[] => {
  const before = timeline.filter(({ atMs }) => atMs <= violation.atMs || violation.atMs === 0);
  const concern = concernOf(before, violation.clientOrderId);
  const lines = before
    .filter(concern)
    .map(
      (observation) =>
        `${timeText(observation.atMs)}  ${placeOfObservation(observation).padEnd(PLACE_WIDTH)}  ` +
        describeObservation(observation),
    );
  const linesMax = violation.clientOrderId === undefined ? ACCOUNT_LINES_MAX : LINES_MAX;
  const left = lines.length - linesMax;
  const kept = left > 0 ? [`… ${left} earlier lines are left out`, ...lines.slice(left)] : lines;
  const name = violation.invariant;
  return [...kept, `${timeText(violation.atMs)}  BROKEN ${name}: ${violation.detail}`];
};

const PLACE_WIDTH = 32;

/** `10:42:17.031`, in New York. */
const timeText = (atMs: number): string => {
  const { msOfDay } = epochMsToNewYork(atMs);
  return new Date(msOfDay).toISOString().slice(11, 23);
};

/** Tells what has to do with the order, or with the whole account where none is named. */
const concernOf = (
  timeline: readonly Observation[],
  clientOrderId: string | undefined,
): ((observation: Observation) => boolean) => {
  const orders = brokerOrdersOf(timeline, clientOrderId);
  const isDirect = (observation: Observation): boolean =>
    isAboutAccount(observation) ||
    (clientOrderId === undefined
      ? ORDER_TYPES.has(observation.type)
      : isAboutOrder(observation, clientOrderId, orders));
  const involved = new Set(
    timeline.filter(isDirect).flatMap((observation) => invocationOf(observation) ?? []),
  );
  return (observation) => {
    if (isDirect(observation)) return true;
    if (clientOrderId === undefined) return false;
    const invocation = invocationOf(observation);
    return invocation !== undefined && involved.has(invocation) && isOfItsLife(observation);
  };
};

/** The broker's own ids of the order and of its legs. */
const brokerOrdersOf = (
  timeline: readonly Observation[],
  clientOrderId: string | undefined,
): ReadonlySet<string> => {
  const ids = new Set<string>();
  for (const observation of timeline) {
    if (observation.type !== "brokerOrderChanged") continue;
    const { order } = observation;
    const isOurs =
      order.clientOrderId === clientOrderId ||
      (order.parentId !== undefined && ids.has(order.parentId));
    if (isOurs) ids.add(order.id);
  }
  return ids;
};

const invocationOf = (observation: Observation): Actor["invocation"] | undefined =>
  "actor" in observation ? observation.actor?.invocation : undefined;

/** Who may trade, and what goes wrong. */
const isAboutAccount = (observation: Observation): boolean =>
  ACCOUNT_TYPES.has(observation.type) ||
  (observation.type === "cellWritten" && isStateChange(observation.before, observation.after));

const ACCOUNT_TYPES: ReadonlySet<ObservationType> = new Set([
  "takeover",
  "regionIsolated",
  "regionHealed",
  "operatorAsked",
  "operatorAnswered",
  "split",
  "faultsStopped",
  "cellDamaged",
  "faultStruck",
]);

const isStateChange = (before: ControlCell | "damaged" | undefined, after: ControlCell): boolean =>
  before === undefined ||
  before === "damaged" ||
  before.epoch !== after.epoch ||
  !isSameState(before.tradingState, after.tradingState) ||
  before.reconciliation.state !== after.reconciliation.state;

const ORDER_TYPES: ReadonlySet<ObservationType> = new Set([
  "cellWritten",
  "cellWriteRefused",
  "brokerRequestArrived",
  "brokerFill",
  "brokerOrderChanged",
  "messageDeadLettered",
  "alertRaised",
]);

const isAboutOrder = (
  observation: Observation,
  clientOrderId: string,
  brokerOrders: ReadonlySet<string>,
): boolean => {
  if ("clientOrderId" in observation) return observation.clientOrderId === clientOrderId;
  if ("intent" in observation) return observation.intent.clientOrderId === clientOrderId;
  if ("order" in observation) return brokerOrders.has(observation.order.id);
  if ("fill" in observation) return brokerOrders.has(observation.fill.orderId);
  if ("brokerOrderId" in observation) return brokerOrders.has(observation.brokerOrderId);
  if ("messageId" in observation) return observation.body.includes(`"${clientOrderId}"`);
  if (observation.type === "cellWritten") {
    return isClaimChange(observation.before, observation.after, clientOrderId);
  }
  return (
    observation.type === "cellWriteRefused" &&
    claimOf(observation.attempted, clientOrderId) !== undefined
  );
};

const isClaimChange = (
  before: ControlCell | "damaged" | undefined,
  after: ControlCell,
  clientOrderId: string,
): boolean => {
  const [old, now] = [claimOf(before, clientOrderId), claimOf(after, clientOrderId)];
  return old?.stage !== now?.stage || old?.filled !== now?.filled || old?.epoch !== now?.epoch;
};

const claimOf = (cell: ControlCell | "damaged" | undefined, clientOrderId: string) =>
  cell === undefined || cell === "damaged" ? undefined : cell.inFlight[clientOrderId];

/** How an invocation began and ended. */
const isOfItsLife = ({ type }: Observation): boolean => LIFE_TYPES.has(type);

const LIFE_TYPES: ReadonlySet<ObservationType> = new Set([
  "functionStarted",
  "functionEnded",
  "functionTimedOut",
  "functionKilled",
  "zombieWentOn",
]);
