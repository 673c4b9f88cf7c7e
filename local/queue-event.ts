import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { ReceivedMessage } from "../shared/ports/message-queue.ts";

/** The event that Lambda makes of messages of a queue. */
export const toQueueEvent = (
  messages: readonly ReceivedMessage[],
  queueName: string,
): SQSEvent => ({ Records: messages.map((message) => toRecord(message, queueName)) });

/**
 * The messages that the answer says are handled, as Lambda reads it: an identifier that names no
 * message means that the whole batch failed.
 */
export const handledOf = (
  messages: readonly ReceivedMessage[],
  answer: SQSBatchResponse | undefined,
): readonly ReceivedMessage[] => {
  const failed = new Set((answer?.batchItemFailures ?? []).map((item) => item.itemIdentifier));
  const isKnown = [...failed].every((id) => messages.some((message) => message.id === id));
  return isKnown ? messages.filter(({ id }) => !failed.has(id)) : [];
};

const toRecord = (message: ReceivedMessage, queueName: string): SQSRecord => ({
  messageId: message.id,
  receiptHandle: message.receipt,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: message.receiveCount.toString(),
    SentTimestamp: message.sentAtMs.toString(),
    SenderId: "holdfast-local",
    ApproximateFirstReceiveTimestamp: message.sentAtMs.toString(),
    ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: `arn:aws:sqs:local:000000000000:${queueName}`,
  awsRegion: "local",
});
