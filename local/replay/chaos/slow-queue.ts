import type { MessageQueue, OutgoingMessage } from "../../../shared/ports/message-queue.ts";
import type { FaultDeps } from "./fault-broker.ts";
import { MESSAGE_DELAY_MS } from "./fault-kinds.ts";

/** The same queue; what is sent while it is slow can be received 90 s later, in its order. */
export const createSlowQueue = (
  queue: MessageQueue,
  { faults, clock }: Pick<FaultDeps, "faults" | "clock">,
): MessageQueue => {
  if (!faults.isPlanned("queue-delay")) return queue;
  let held: readonly { readonly dueAtMs: number; readonly messages: readonly OutgoingMessage[] }[] =
    [];
  const handOver = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    const due = held.filter(({ dueAtMs }) => dueAtMs <= nowMs);
    held = held.filter(({ dueAtMs }) => dueAtMs > nowMs);
    for (const { messages } of due) await queue.send(messages);
  };
  return {
    ...queue,
    send: async (messages) => {
      if (!faults.isOn("queue-delay")) {
        await queue.send(messages);
        return;
      }
      faults.strike("queue-delay");
      held = [...held, { dueAtMs: clock.nowMs() + MESSAGE_DELAY_MS, messages }];
    },
    receive: async (limit) => {
      await handOver();
      return queue.receive(limit);
    },
  };
};
