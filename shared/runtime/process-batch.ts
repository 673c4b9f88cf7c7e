import type { SQSBatchResponse, SQSRecord } from "aws-lambda";

/**
 * Handles a batch's records one after another and reports those that have to come again. On a
 * standard queue that is each one whose handling throws; on a FIFO queue the first one and all that
 * stand behind it, which are not begun: their order would be lost.
 */
export const processBatch = async (
  kind: "standard" | "fifo",
  records: readonly SQSRecord[],
  handle: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
  for (const record of records) {
    if (kind === "standard" || batchItemFailures.length === 0) {
      try {
        await handle(record);
        continue;
      } catch {
        // What was thrown is logged and counted where it was handled; here it only goes back.
      }
    }
    batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
};
