import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { afterAll } from "vitest";
import { createSnsAlerts } from "../../../shared/adapters/aws/alerts.ts";
import { createSnsClient, createSqsClient } from "../../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../../shared/adapters/aws/message-queue.ts";
import { describeAlerts } from "../../contracts/alerts.ts";
import { startFauxqs } from "./fauxqs.ts";

const settings = await startFauxqs();
const sns = createSnsClient(settings);
const sqs = createSqsClient(settings);
afterAll(() => {
  sns.destroy();
  sqs.destroy();
});

describeAlerts("SNS alerts", async () => {
  const { TopicArn: topicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "alerts" }));
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "listener" }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: "arn:aws:sqs:us-east-1:000000000000:listener",
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const queue = createSqsQueue({ client: sqs, url });
  return {
    alerts: createSnsAlerts({ client: sns, topicArn }),
    arrived: async () => (await queue.receive(10)).map(({ body }): unknown => JSON.parse(body)),
  };
});
