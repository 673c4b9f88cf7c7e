import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Alerts } from "../../ports/alerts.ts";
import { serviceFault } from "./service-fault.ts";

/** Alerts to an SNS topic, one JSON message each. */
export const createSnsAlerts = ({
  client,
  topicArn,
}: {
  readonly client: SNSClient;
  readonly topicArn: string;
}): Alerts => ({
  publish: async (alert) => {
    try {
      await client.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(alert) }));
    } catch (error) {
      throw serviceFault("SNS", error);
    }
  },
});
