import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Observation } from "../observation.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeBy } from "./invariant.ts";

/** How an order of the probe would be named; said again, past the product's own reading. */
const OF_PROBE = /^hf_[^_]+_probe_/;
const SYMBOL = "PROBE";
const CELL = "cell#probe";

/**
 * (20) The probe never becomes an order: nothing of its account is recorded as an intent, requested
 * of the broker or to be found there, whoever puts it into a queue; and the probe itself writes
 * nothing but its evidence and a cell of its own, in which nothing is ever claimed or held.
 */
export const probeIsNoOrder: Invariant = {
  name: "probe-is-no-order",
  judge: judgeBy({
    eventsAppended: ({ clientOrderId }) =>
      OF_PROBE.test(clientOrderId)
        ? broken("An intent of the probe was recorded.", clientOrderId)
        : HOLDS,
    brokerRequestArrived: ({ intent: { clientOrderId, symbol, account } }) =>
      OF_PROBE.test(clientOrderId) || symbol === SYMBOL || account === "probe"
        ? broken("An order of the probe is at the broker.", clientOrderId)
        : HOLDS,
    brokerOrderChanged: ({ order: { clientOrderId, symbol } }) =>
      OF_PROBE.test(clientOrderId) || symbol === SYMBOL
        ? broken("The broker has an order of the probe.", clientOrderId)
        : HOLDS,
    cellWritten: ({ actor }) =>
      actor?.functionName === "probe-pipeline"
        ? broken("The probe wrote the account's cell.")
        : HOLDS,
    tendingWrote: (observation) =>
      observation.actor.functionName === "probe-pipeline" ? judgeWrite(observation) : HOLDS,
  }),
};

const judgeWrite = ({
  table,
  partition,
  document,
}: Extract<Observation, { type: "tendingWrote" }>): readonly Finding[] => {
  if (table === "telemetry") {
    return partition.endsWith("#probe") ? HOLDS : broken(`The probe wrote to ${partition}.`);
  }
  if (partition !== CELL) return broken(`The probe wrote to ${partition}.`);
  const { inFlight, holdings } = cellIn(document);
  return Object.keys(inFlight).length + Object.keys(holdings).length === 0
    ? HOLDS
    : broken("Something is claimed or held in the probe's cell.");
};

/** Under seals a cell is the body of its item. */
const cellIn = (document: unknown): ControlCell =>
  typeof document === "object" && document !== null && "body" in document
    ? (document.body as ControlCell)
    : (document as ControlCell);
