import { formatPrice } from "../../shared/domain/market/price.ts";
import { formatQuantity } from "../../shared/domain/market/quantity.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { ControlCell, TradingState } from "../../shared/domain/risk/control-cell.ts";
import type { Actor, Observation } from "../observation.ts";
import { describeAudit } from "./describe-audit.ts";
import { describeTending } from "./describe-tending.ts";

/** What happened, in one line without its time. */
export const describeObservation = (observation: Observation): string => {
  switch (observation.type) {
    case "functionStarted":
    case "functionEnded":
    case "functionTimedOut":
    case "functionKilled":
    case "zombieWentOn":
      return describeRun(observation);
    case "faultStruck":
      return `FAULT ${observation.fault.kind} (${observation.fault.number}) at ${observation.fault.where}`;
    case "cellWritten":
      return `cell ${describeCellChange(observation.before, observation.after)}`;
    case "cellWriteRefused":
      return describeRefusal(observation);
    case "cellDamaged":
      return "the stored cell is damaged";
    case "historyDamaged":
      return `the history of ${observation.clientOrderId} is damaged`;
    case "eventsAppended":
      return `history of ${observation.clientOrderId} from ${observation.sequence}: ${observation.events
        .map(describeEvent)
        .join("; ")}`;
    case "brokerRequestArrived":
      return (
        `broker gets ${observation.intent.clientOrderId}: ${observation.outcome}` +
        (observation.reason === undefined ? "" : ` (${observation.reason})`)
      );
    case "brokerAnswered":
      return `is told of ${observation.clientOrderId}: ${observation.outcome}`;
    case "brokerOrderChanged": {
      const { clientOrderId, status, role, filledQuantity, quantity } = observation.order;
      const filled = `${formatQuantity(filledQuantity)} of ${formatQuantity(quantity)}`;
      const part = role === "stopLoss" || role === "takeProfit" ? ` (${role})` : "";
      return `broker has ${clientOrderId}${part} as ${status}, ${filled} filled`;
    }
    case "brokerFill": {
      const { side, quantity, symbol, price } = observation.fill;
      return `fill: ${side} ${formatQuantity(quantity)} ${symbol} at ${formatPrice(price)}`;
    }
    case "vendorAsked":
    case "breakersRead":
    case "breakerWritten":
    case "archived":
    case "unarchived":
    case "ticksStored":
      return describeService(observation);
    case "cancelAsked":
      return `asks to cancel ${observation.brokerOrderId}`;
    case "messageSent":
    case "messageDelivered":
    case "messageRemoved":
    case "messageReturned":
    case "messageDeadLettered":
    case "deadLetterRemoved":
      return describeMessage(observation);
    case "alertRaised":
      return `alert ${observation.alert.action} ${observation.alert.key}: ${observation.alert.summary}`;
    case "paged":
      return `page ${observation.alert.action} ${observation.alert.key}`;
    case "alertKept":
    case "healingNoted":
    case "tendingWrote":
    case "signedRecordWritten":
    case "configurationDeployed":
    case "outageBegan":
    case "ledgerLost":
    case "ledgerRestored":
    case "restoreRefused":
      return describeTending(observation);
    case "auditHeadWritten":
    case "auditHeadRefused":
    case "lockedKept":
    case "auditVerified":
      return describeAudit(observation);
    case "slotStarted":
      return `${observation.schedule} is due`;
    case "takeover":
    case "regionIsolated":
    case "regionHealed":
      return describeRegion(observation);
    case "operatorAsked":
      return `${observation.by} asks: ${observation.act}`;
    case "operatorAnswered":
      return `${observation.by} is answered ${observation.status} to ${observation.act}`;
    case "split":
      return `${observation.symbol} splits 1 to ${observation.ratio}`;
    case "faultsStopped":
      return "from here on nothing goes wrong any more";
  }
};

const describeRegion = (
  observation: Extract<
    Observation,
    { readonly type: "takeover" | "regionIsolated" | "regionHealed" }
  >,
): string => {
  switch (observation.type) {
    case "takeover":
      return `takeover from ${observation.from} to ${observation.to}, epoch ${observation.epoch}`;
    case "regionIsolated":
      return "the Region is cut off";
    case "regionHealed":
      return "the Region is back";
  }
};

type Of<Type extends Observation["type"]> = Extract<Observation, { readonly type: Type }>;

const describeRefusal = ({ expected, current }: Of<"cellWriteRefused">): string =>
  `cell write refused: expected version ${expected.version} of epoch ${expected.epoch}, ` +
  `found ${describeCell(current)}`;

const describeRun = (
  observation: Of<
    "functionStarted" | "functionEnded" | "functionTimedOut" | "functionKilled" | "zombieWentOn"
  >,
): string => {
  switch (observation.type) {
    case "functionStarted":
      return `starts${observation.isColdStart ? " cold" : ""}`;
    case "functionEnded":
      return observation.outcome === "returned" ? "returns" : `throws: ${observation.error ?? ""}`;
    case "functionTimedOut":
      return observation.isZombie ? "times out, and goes on as a zombie" : "times out";
    case "functionKilled":
      return `is killed at ${observation.where}`;
    case "zombieWentOn":
      return `goes on after its end: ${observation.where}`;
  }
};

const describeService = (
  observation: Of<
    "vendorAsked" | "breakersRead" | "breakerWritten" | "archived" | "unarchived" | "ticksStored"
  >,
): string => {
  switch (observation.type) {
    case "vendorAsked":
      return `asks ${observation.vendor} for ${observation.symbols} symbols`;
    case "breakersRead":
      return `reads of breakers: ${observation.breakers
        .map(({ name, breaker }) => `${name} ${breaker.state}`)
        .join(", ")}`;
    case "breakerWritten":
      return `breaker ${observation.name} is ${observation.breaker.state} for its Region`;
    case "archived":
      return `archive has ${observation.key}`;
    case "unarchived":
      return `archive has ${observation.key} no more`;
    case "ticksStored":
      return `tape has ${observation.key}`;
  }
};

const describeMessage = (
  observation: Of<
    | "messageSent"
    | "messageDelivered"
    | "messageRemoved"
    | "messageReturned"
    | "messageDeadLettered"
    | "deadLetterRemoved"
  >,
): string => {
  switch (observation.type) {
    case "messageSent":
      return `message ${observation.messageId} is sent to ${observation.queue}`;
    case "messageDelivered":
      return `message ${observation.messageId} of ${observation.queue} is delivered, time ${observation.receiveCount}`;
    case "messageRemoved":
      return `message ${observation.messageId} is removed from ${observation.queue}`;
    case "messageReturned":
      return `message ${observation.messageId} is returned to ${observation.queue}`;
    case "messageDeadLettered":
      return `message ${observation.messageId} of ${observation.queue} is dead (${observation.cause})`;
    case "deadLetterRemoved":
      return `message ${observation.messageId} leaves the dead letters of ${observation.queue}`;
  }
};

/** Where it happened: a function's invocation, a Region, or the world. */
export const placeOfObservation = (observation: Observation): string => {
  if ("actor" in observation && observation.actor !== undefined) return placeOf(observation.actor);
  return "region" in observation ? observation.region : "world";
};

const placeOf = ({ region, functionName, invocation }: Actor): string =>
  `${region} ${functionName}#${invocation}`;

const describeCell = (cell: ControlCell | "damaged" | undefined): string => {
  if (cell === undefined) return "none";
  if (cell === "damaged") return "a damaged one";
  return `version ${cell.version} of epoch ${cell.epoch}`;
};

const describeCellChange = (
  before: ControlCell | "damaged" | undefined,
  after: ControlCell,
): string => {
  const head = `is version ${after.version} of epoch ${after.epoch}`;
  if (before === undefined || before === "damaged") return `${head}, ${after.tradingState.mode}`;
  const changes = [
    ...(before.activeRegion === after.activeRegion ? [] : [`${after.activeRegion} is active`]),
    ...(isSameState(before.tradingState, after.tradingState)
      ? []
      : [`${after.tradingState.mode} (${after.tradingState.reason})`]),
    ...(before.reconciliation.state === after.reconciliation.state
      ? []
      : [after.reconciliation.state]),
    ...claimChanges(before, after),
  ];
  return changes.length === 0 ? head : `${head}: ${changes.join("; ")}`;
};

/** Whether nobody has decided anew; a state that was stored and read again is another object. */
export const isSameState = (left: TradingState, right: TradingState): boolean =>
  left.mode === right.mode && left.atMs === right.atMs && left.reason === right.reason;

const claimChanges = (before: ControlCell, after: ControlCell): readonly string[] => {
  const ids = new Set([...Object.keys(before.inFlight), ...Object.keys(after.inFlight)]);
  return [...ids].flatMap((id) => {
    const [old, now] = [before.inFlight[id], after.inFlight[id]];
    if (now === undefined) return [`${id} is settled`];
    if (old === undefined) return [`${id} is ${now.stage}`];
    const isSame = old.stage === now.stage && old.filled === now.filled;
    return isSame ? [] : [`${id} is ${now.stage}, ${formatQuantity(now.filled)} filled`];
  });
};

const describeEvent = (event: OrderEvent): string => {
  switch (event.type) {
    case "intentRecorded": {
      const { side, quantity, symbol, purpose, reason } = event.intent;
      return `${purpose} to ${side} ${formatQuantity(quantity)} ${symbol} (${reason})`;
    }
    case "denied":
      return `denied: ${event.denials.map(({ reason }) => reason).join(", ")}`;
    case "claimed":
      return `claimed under epoch ${event.epoch}`;
    case "rejected":
    case "cancelRequested":
      return `${event.type}: ${event.reason}`;
    case "submissionUnknown":
    case "notSent":
    case "expired":
      return `${event.type}: ${event.cause}`;
    case "fillObserved":
      return `filled ${formatQuantity(event.cumulativeFilled)} in all`;
    case "legFillObserved":
      return `${event.role} filled ${formatQuantity(event.cumulativeFilled)} in all`;
    case "acknowledged":
    case "executionsObserved":
    case "orphaned":
    case "cancelled":
    case "replaced":
      return event.type;
  }
};
