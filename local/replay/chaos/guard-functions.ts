import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Functions } from "../../functions.ts";

/** A function died, or its Region did, before it could answer. */
export class FunctionKilled extends Error {
  override readonly name = "FunctionKilled";
}

/** Stands around one invocation; throws `FunctionKilled` where it does not come to an end. */
export type Guard = <Answer>(invoke: () => Promise<Answer>) => Promise<Answer>;

/**
 * The same functions, as far as a minute needs them, with a guard around every invocation. Of one
 * that dies a queue hears nothing, so that all of its messages come again after their time.
 */
export const guardFunctions = (functions: Functions, guard: Guard): Functions => {
  const guarded =
    <Event, Answer>(invoke: (event: Event) => Promise<Answer>) =>
    (event: Event): Promise<Answer> =>
      guard(() => invoke(event));
  const consumer =
    (invoke: (event: SQSEvent) => Promise<SQSBatchResponse>) =>
    async (event: SQSEvent): Promise<SQSBatchResponse> => {
      try {
        return await guard(() => invoke(event));
      } catch (error) {
        if (!(error instanceof FunctionKilled)) throw error;
        return {
          batchItemFailures: event.Records.map((record) => ({ itemIdentifier: record.messageId })),
        };
      }
    };
  return {
    ...functions,
    openCycle: guarded(functions.openCycle),
    pollMarketData: guarded(functions.pollMarketData),
    pollFlow: guarded(functions.pollFlow),
    closeCycle: guarded(functions.closeCycle),
    scoreSignals: consumer(functions.scoreSignals),
    executeOrders: consumer(functions.executeOrders),
    reconcileOrders: guarded(functions.reconcileOrders),
    aggregateHealth: guarded(functions.aggregateHealth),
  };
};
