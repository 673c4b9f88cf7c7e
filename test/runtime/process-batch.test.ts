import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from "@aws-lambda-powertools/batch";
import type { SQSRecord } from "aws-lambda";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { processBatch } from "../../shared/runtime/process-batch.ts";
import { queueEvent } from "../lambdas/events.ts";

const KINDS = ["standard", "fifo"] as const;
const anyBatch = fc.array(fc.record({ group: fc.constantFrom("a", "b"), isDone: fc.boolean() }), {
  maxLength: 10,
});

describe("a batch", () => {
  it("begins and reports the same records as Powertools' processors do", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...KINDS), anyBatch, async (kind, batch) => {
        const event = queueEvent(
          "any",
          batch.map(({ group }, place) => ({
            id: place.toString(),
            body: "",
            group,
            receiveCount: 1,
          })),
        );
        const handleInto =
          (begun: string[]) =>
          async ({ messageId }: SQSRecord): Promise<void> => {
            begun.push(messageId);
            if (batch[Number(messageId)]?.isDone === false) throw new Error("It goes back.");
          };
        const [begun, begunThere]: [string[], string[]] = [[], []];
        const response = await processBatch(kind, event.Records, handleInto(begun));
        const there = await processPartialResponse(
          event,
          handleInto(begunThere),
          kind === "fifo" ? new SqsFifoPartialProcessorAsync() : new BatchProcessor(EventType.SQS),
          { processInParallel: false, throwOnFullBatchFailure: false },
        );
        expect(response).toEqual(there);
        expect(begun).toEqual(begunThere);
      }),
    );
  });
});
