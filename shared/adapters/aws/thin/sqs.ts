import { jsonProtocol } from "./json-protocol.ts";
import { type ClientConfiguration, commandOf, ServiceClient } from "./service-client.ts";

/** What the bundles of functions hold in place of `@aws-sdk/client-sqs`. */
export class SQSClient extends ServiceClient {
  constructor(configuration: ClientConfiguration) {
    super(configuration, jsonProtocol("sqs", "AmazonSQS", "1.0"));
  }
}

/** Sends up to ten messages. */
export const SendMessageBatchCommand = commandOf("SendMessageBatch");
/** Takes up to ten messages. */
export const ReceiveMessageCommand = commandOf("ReceiveMessage");
/** Removes a message in flight. */
export const DeleteMessageCommand = commandOf("DeleteMessage");
/** Sets when a message in flight is visible again. */
export const ChangeMessageVisibilityCommand = commandOf("ChangeMessageVisibility");
/** Counts messages. */
export const GetQueueAttributesCommand = commandOf("GetQueueAttributes");
