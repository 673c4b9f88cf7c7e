import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { MessageReturner, MessageSender } from "../../shared/ports/message-queue.ts";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { readOrderIntent } from "../../shared/runtime/messages/order-intent.ts";
import { createQueueHandler } from "../../shared/runtime/queue-handler.ts";
import { createExecuteOrder, type ExecuteOrderDeps } from "../../shared/use-cases/execute-order.ts";
import type { KeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";

/** Time to submit and to record the answer; with less left an order goes back untouched. */
const RESERVE_MS = 8_000;

/** Executes the intents of the queues of entries and exits, one at a time. */
export const createHandler = (
  deps: ExecuteOrderDeps & {
    /** The dead-letter queue of the FIFO queue with this name. */
    readonly deadLettersOf?: (queueName: string) => MessageSender | undefined;
    /** The queue of exits, if this is its name: an exit that failed must come again soon. */
    readonly returnsOf?: (queueName: string) => MessageReturner | undefined;
    /** Absent where nothing is signed. */
    readonly configuration?: Partial<Pick<KeepConfiguration, "secure">> | undefined;
  },
  runtime: Runtime,
): FunctionHandler<SQSEvent, SQSBatchResponse> => {
  const executeOrder = createExecuteOrder(deps);
  return createQueueHandler(
    {
      name: "execute-orders",
      kind: "fifo",
      parse: readOrderIntent,
      handle: async (intent, deadline) => {
        // Exits pass whatever the configuration says.
        if (intent.purpose === "entry") await deps.configuration?.secure?.();
        const { type, reasons } = await executeOrder(intent, deadline);
        runtime.metrics.add(type, "Count", 1);
        return { outcome: type, reasons: reasons.join(", ") };
      },
      correlate: ({ clientOrderId, purpose }) => ({ clientOrderId, purpose }),
      reserveMs: RESERVE_MS,
      deadLettersOf: (queueName) => deps.deadLettersOf?.(queueName),
      // Its bracket may be cancelled already, and every other exit waits behind it.
      returnsOf: (queueName) => deps.returnsOf?.(queueName),
    },
    runtime,
  );
};
