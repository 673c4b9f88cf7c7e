import { orderFromEvents } from "../../shared/domain/orders/order.ts";
import type { Observation, QueueName } from "../observation.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeOf, type Scene } from "./invariant.ts";
import { clientOrderIdIn } from "./message-intent.ts";

/** Within this time an alarm tells of a dead letter. */
const ALARM_WITHIN_MS = 10 * 60_000;

type Removed = Extract<Observation, { type: "messageRemoved" }>;

/**
 * (12) No message is lost: what is removed from a queue of intents has left its intent denied, over,
 * claimed or with the broker; every message that was sent is removed, buried, waiting or under way;
 * and a dead letter has raised an alarm.
 */
export const createNoMessageLost = (): Invariant => {
  const pending = new Map<string, QueueName>();
  const buried: { readonly queue: QueueName; readonly region: string; readonly atMs: number }[] =
    [];
  /** Orders whose message was put aside by name: a copy of it stays. */
  const givenUp = new Set<string>();
  const alarms: { readonly region: string; readonly atMs: number }[] = [];
  return {
    name: "no-message-lost",
    judge: judgeOf(
      ["messageSent", "messageDeadLettered", "messageRemoved", "alertRaised"],
      (observation, scene) => {
        if (observation.type === "messageSent") {
          pending.set(nameOf(observation), observation.queue);
        } else if (observation.type === "messageDeadLettered") {
          const { queue, region, atMs } = observation;
          pending.delete(nameOf(observation));
          buried.push({ queue, region, atMs });
          const id = clientOrderIdIn(observation.body);
          if (id !== undefined) givenUp.add(id);
        } else if (observation.type === "messageRemoved") {
          const isKnown = pending.delete(nameOf(observation));
          return isKnown ? judgeRemoved(observation, scene, givenUp) : HOLDS;
        } else if (
          observation.type === "alertRaised" &&
          observation.alert.key.includes("dead-letter")
        ) {
          alarms.push({ region: observation.region, atMs: observation.atMs });
        }
        return HOLDS;
      },
    ),
    judgeEnd: ({ view }) => {
      const lost: Finding[] = [];
      for (const { name, queues } of view.regions) {
        for (const queue of ["market-data", "orders.fifo", "exits.fifo"] as const) {
          const { waiting, inFlight } = queues[queue];
          const left = [...pending].filter(
            ([key, at]) => at === queue && key.startsWith(`${name} `),
          );
          if (left.length <= waiting + inFlight) continue;
          const detail = `${left.length} messages of ${queue} in ${name} are left, not all are there.`;
          lost.push({ detail });
        }
      }
      for (const { queue, region, atMs } of buried) {
        const isTold = alarms.some(
          (alarm) => alarm.region === region && alarm.atMs - atMs <= ALARM_WITHIN_MS,
        );
        if (isTold || view.nowMs - atMs <= ALARM_WITHIN_MS) continue;
        lost.push({ detail: `No alarm tells of a dead letter of ${queue} in ${region}.` });
      }
      return lost;
    },
  };
};

const nameOf = ({
  region,
  queue,
  messageId,
}: {
  readonly region: string;
  readonly queue: QueueName;
  readonly messageId: string;
}): string => `${region} ${queue} ${messageId}`;

const judgeRemoved = (
  { queue, body }: Removed,
  { facts, view }: Scene,
  givenUp: ReadonlySet<string>,
): readonly Finding[] => {
  if (queue === "market-data") return HOLDS;
  const clientOrderId = clientOrderIdIn(body);
  if (clientOrderId === undefined) return HOLDS;
  const order = orderFromEvents(view.eventsOf(clientOrderId));
  const state = order.ok ? order.value?.state.name : undefined;
  if (state === undefined) {
    return givenUp.has(clientOrderId)
      ? HOLDS
      : broken("A message is gone, and its intent nowhere.", clientOrderId);
  }
  // A claim may stand, or have stood, whose function did not come back to tell its history.
  // A rebuilt cell has one for every order that its histories leave open.
  const isClaimed =
    facts.lastClaim(clientOrderId) !== undefined ||
    facts.cell()?.inFlight[clientOrderId] !== undefined;
  return (state === "new" || state === "notSent") && !isClaimed
    ? broken(`A message is gone, and its intent is ${state} for ever.`, clientOrderId)
    : HOLDS;
};
