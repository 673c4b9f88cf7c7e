import type { SQSEvent } from "aws-lambda";
import type { ReceivedMessage } from "../../shared/ports/message-queue.ts";

/** What Lambda hands over for messages of a queue. */
export const queueEvent = (
  queueName: string,
  messages: readonly Pick<ReceivedMessage, "id" | "body" | "group" | "receiveCount">[],
): SQSEvent => ({
  Records: messages.map(({ id, body, group, receiveCount }) => ({
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: receiveCount.toString(),
      SentTimestamp: "0",
      SenderId: "test",
      ApproximateFirstReceiveTimestamp: "0",
      ...(group === undefined ? {} : { MessageGroupId: group }),
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:us-east-2:123456789012:${queueName}`,
    awsRegion: "us-east-2",
  })),
});
