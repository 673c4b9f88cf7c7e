import { createTraceHash } from "./engine/trace-hash.ts";
import type { Observation } from "./observation.ts";

/** A hash over every observation in its order. */
export type ObservationTrace = {
  readonly add: (observation: Observation) => void;
  readonly read: () => string;
};

/** An empty trace. */
export const createObservationTrace = (): ObservationTrace => {
  const hash = createTraceHash();
  return {
    add: (observation) =>
      hash.add(`${observation.atMs} ${observation.type} ${wordsOf(observation)}`),
    read: hash.read,
  };
};

/** What tells an observation from another one of its kind at the same moment. */
const wordsOf = (observation: Observation): string => {
  switch (observation.type) {
    case "functionStarted":
    case "functionEnded":
    case "functionTimedOut":
    case "functionKilled":
    case "zombieWentOn":
      return `${observation.actor.invocation} ${"error" in observation ? observation.error : ""}`;
    case "faultStruck":
      return `${observation.fault.number} ${observation.fault.kind}`;
    case "cellWritten":
      return `${observation.after.version} ${Object.keys(observation.after.inFlight).join()}`;
    case "cellWriteRefused":
      return `${observation.expected.version} ${observation.actor.invocation}`;
    case "eventsAppended": {
      const types = observation.events.map((event) => event.type).join();
      return `${observation.clientOrderId} ${observation.sequence} ${types}`;
    }
    case "brokerRequestArrived":
      return `${observation.intent.clientOrderId} ${observation.outcome}`;
    case "brokerAnswered":
      return `${observation.clientOrderId} ${observation.outcome}`;
    case "brokerOrderChanged":
      return `${observation.order.id} ${observation.order.status}`;
    case "brokerFill":
      return `${observation.fill.executionId} ${observation.fill.quantity} ${observation.fill.price}`;
    case "messageSent":
    case "messageDelivered":
    case "messageRemoved":
    case "messageReturned":
    case "messageDeadLettered":
    case "deadLetterRemoved":
      return observation.messageId;
    case "vendorAsked":
      return `${observation.actor.invocation} ${observation.vendor} ${observation.symbols}`;
    case "breakersRead":
      return `${observation.actor.invocation} ${observation.breakers.length}`;
    case "breakerWritten": {
      const { name, breaker } = observation;
      return `${name} ${breaker.state} ${breaker.generation}`;
    }
    case "archived":
    case "unarchived":
    case "ticksStored":
      return observation.key;
    case "cancelAsked":
      return observation.brokerOrderId;
    case "historyDamaged":
      return observation.clientOrderId;
    case "alertRaised":
    case "paged":
      return `${observation.region} ${observation.alert.key} ${observation.alert.action}`;
    case "alertKept": {
      const { alert, toldAtMs } = observation.record;
      return `${alert.key} ${alert.action} ${toldAtMs}`;
    }
    case "healingNoted":
      return `${observation.record.id} ${observation.record.outcome}`;
    case "tendingWrote":
      return `${observation.actor.invocation} ${observation.partition}`;
    case "signedRecordWritten":
      return `${observation.actor?.invocation} ${observation.isSpare}`;
    case "configurationDeployed":
      return `${observation.region} ${observation.isSigned}`;
    case "outageBegan":
      return `${observation.of} ${observation.untilMs}`;
    case "slotStarted":
      return `${observation.region} ${observation.schedule}`;
    case "takeover":
    case "regionIsolated":
    case "regionHealed":
    case "operatorAsked":
    case "operatorAnswered":
    case "split":
      return wordsOfPlace(observation);
    case "ledgerRestored":
      return `${observation.asOfMs} ${observation.cell?.epoch}`;
    case "restoreRefused":
      return observation.detail;
    case "auditHeadWritten":
    case "auditHeadRefused":
    case "lockedKept":
    case "auditVerified":
      return wordsOfAudit(observation);
    case "ledgerLost":
    case "cellDamaged":
    case "faultsStopped":
      return "";
  }
};

type Of<Type extends Observation["type"]> = Extract<Observation, { readonly type: Type }>;

const wordsOfPlace = (
  observation: Of<
    "takeover" | "regionIsolated" | "regionHealed" | "operatorAsked" | "operatorAnswered" | "split"
  >,
): string => {
  switch (observation.type) {
    case "takeover":
      return `${observation.to} ${observation.epoch}`;
    case "regionIsolated":
    case "regionHealed":
      return observation.region;
    case "operatorAsked":
      return `${observation.region} ${observation.act} ${observation.by}`;
    case "operatorAnswered":
      return `${observation.region} ${observation.act} ${observation.status}`;
    case "split":
      return observation.symbol;
  }
};

const wordsOfAudit = (
  observation: Of<"auditHeadWritten" | "auditHeadRefused" | "lockedKept" | "auditVerified">,
): string => {
  switch (observation.type) {
    case "auditHeadWritten": {
      const { version, tail } = observation.after;
      return `${version} ${tail.at(-1)?.hash}`;
    }
    case "auditHeadRefused":
      return `${observation.actor.invocation} ${observation.attempted.version}`;
    case "lockedKept":
      return `${observation.region} ${observation.key}`;
    case "auditVerified":
      return `${observation.headSequence} ${observation.flaws.length}`;
  }
};
