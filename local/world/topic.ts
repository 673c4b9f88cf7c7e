import type { SNSEvent } from "aws-lambda";
import type { Alerts } from "../../shared/ports/alerts.ts";
import type { MessageQueue } from "../../shared/ports/message-queue.ts";

/** Publishes alerts into a queue that outlives the process and stands for the topic. */
export const createTopicAlerts = (queue: Pick<MessageQueue, "send">): Alerts => ({
  publish: async (alert) => {
    await queue.send([{ body: JSON.stringify(alert) }]);
  },
});

/** Writes a message as the event by which a topic calls a function. */
export const toTopicEvent = (messageId: string, body: string, atMs: number): SNSEvent => ({
  Records: [
    {
      EventVersion: "1.0",
      EventSource: "aws:sns",
      EventSubscriptionArn: "arn:aws:sns:local:000000000000:alerts:notify",
      Sns: {
        MessageId: messageId,
        Message: body,
        Timestamp: new Date(atMs).toISOString(),
        TopicArn: "arn:aws:sns:local:000000000000:alerts",
        Type: "Notification",
        SignatureVersion: "1",
        Signature: "",
        SigningCertUrl: "",
        UnsubscribeUrl: "",
        MessageAttributes: {},
      },
    },
  ],
});
