import type * as SqsSdk from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import type { QueueOptions } from "../../../shared/adapters/stored/message.ts";
import type { AwsSettings } from "../../../shared/adapters/aws/clients.ts";

/** Creates a queue with its dead-letter queue in the emulator, and returns their URLs. */
export const createTestQueue = async (
  settings: AwsSettings,
  name: string,
  { kind, visibilityTimeoutMs, maxReceiveCount }: QueueOptions,
): Promise<{ readonly url: string; readonly deadLetterUrl: string }> => {
  // The official client, also where the test puts another in its place.
  const sdk = await vi.importActual<typeof SqsSdk>("@aws-sdk/client-sqs");
  const client = new sdk.SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
  const create = async (queueName: string, attributes: Record<string, string>): Promise<string> => {
    const fifo = kind === "fifo" ? { FifoQueue: "true" } : {};
    const suffix = kind === "fifo" ? ".fifo" : "";
    const created = await client.send(
      new sdk.CreateQueueCommand({
        QueueName: queueName + suffix,
        Attributes: { ...attributes, ...fifo },
      }),
    );
    return created.QueueUrl ?? "";
  };
  const visibility = { VisibilityTimeout: (visibilityTimeoutMs / 1_000).toString() };
  const deadLetterUrl = await create(`${name}-dead`, visibility);
  const { Attributes: dead } = await client.send(
    new sdk.GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ["QueueArn"] }),
  );
  const url = await create(name, {
    ...visibility,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead?.["QueueArn"], maxReceiveCount }),
  });
  client.destroy();
  return { url, deadLetterUrl };
};
