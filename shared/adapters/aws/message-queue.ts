import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { RetryableError, TerminalError } from "../../domain/fault.ts";
import type { MessageQueue, OutgoingMessage, ReceivedMessage } from "../../ports/message-queue.ts";
import { createHostRandom } from "../host/random.ts";
import { checkMessages, RECEIVE_MAX } from "../stored/message.ts";
import { type BackOff, createBackOff } from "./back-off.ts";
import { errorName, serviceFault } from "./service-fault.ts";

const TRIES_MAX = 4;
const ENTRIES_PER_BATCH = 10;
const BYTES_PER_BATCH = 256 * 1024;

/** How SQS says that a receipt is of an earlier delivery; that delivery is over already. */
const OLD_RECEIPT: ReadonlySet<string> = new Set([
  "ReceiptHandleIsInvalid",
  "MessageNotInflight",
  "InvalidParameterValue",
]);

/** A queue of SQS; its kind is in its name, and its redrive policy is the stack's. */
export type SqsQueueOptions = {
  readonly client: SQSClient;
  readonly url: string;
  /** Without it, `depth` counts no dead letters. */
  readonly deadLetterUrl?: string;
  readonly backOff?: BackOff;
};

/** A message queue on SQS. */
export const createSqsQueue = (options: SqsQueueOptions): MessageQueue => {
  const { client, url, deadLetterUrl } = options;
  const kind = url.endsWith(".fifo") ? "fifo" : "standard";
  const backOff = options.backOff ?? createBackOff(createHostRandom());
  return {
    send: (messages) => {
      return orFault(async () => {
        checkMessages(kind, messages);
        // One batch after the other: a group's messages arrive in the order they were given.
        for (const batch of batchesOf(messages)) await sendBatch(client, url, batch, backOff);
      });
    },
    receive: (limit) =>
      orFault(async () => {
        if (limit < 1) return [];
        const answer = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: Math.min(limit, RECEIVE_MAX),
            MessageSystemAttributeNames: [
              "ApproximateReceiveCount",
              "SentTimestamp",
              "MessageGroupId",
            ],
          }),
        );
        return (answer.Messages ?? []).map(toReceived);
      }),
    remove: (receipt) =>
      unlessOldReceipt(() =>
        client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt })),
      ),
    release: (receipt, afterMs = 0) =>
      unlessOldReceipt(() =>
        client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: url,
            ReceiptHandle: receipt,
            VisibilityTimeout: Math.ceil(afterMs / 1_000),
          }),
        ),
      ),
    depth: () =>
      orFault(async () => {
        const [own, dead] = await Promise.all([
          countMessages(client, url),
          deadLetterUrl === undefined ? undefined : countMessages(client, deadLetterUrl),
        ]);
        return { ...own, dead: (dead?.waiting ?? 0) + (dead?.inFlight ?? 0) };
      }),
  };
};

/** Cuts messages into batches of at most ten messages and 256 KiB. */
const batchesOf = (messages: readonly OutgoingMessage[]): readonly OutgoingMessage[][] => {
  const batches: OutgoingMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const last = batches.at(-1);
    const size = Buffer.byteLength(message.body);
    const fits = last !== undefined && last.length < ENTRIES_PER_BATCH;
    if (fits && bytes + size <= BYTES_PER_BATCH) {
      last.push(message);
      bytes += size;
    } else {
      batches.push([message]);
      bytes = size;
    }
  }
  return batches;
};

const sendBatch = async (
  client: SQSClient,
  url: string,
  batch: readonly OutgoingMessage[],
  backOff: BackOff,
): Promise<void> => {
  let rest = batch.map((message, index) => ({
    Id: index.toString(),
    MessageBody: message.body,
    MessageGroupId: message.group,
    MessageDeduplicationId: message.deduplicationId,
  }));
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: rest }));
    const failed = answer.Failed ?? [];
    const refused = failed.find((failure) => failure.SenderFault === true);
    if (refused !== undefined) {
      throw new TerminalError(`SQS refused a message: ${refused.Code ?? "without a reason"}.`);
    }
    const failedIds = new Set(failed.map((failure) => failure.Id));
    rest = rest.filter((entry) => failedIds.has(entry.Id));
    if (rest.length === 0) return;
    if (tries < TRIES_MAX) await backOff(tries);
  }
  throw new RetryableError(
    `SQS did not take ${rest.length} messages, ${TRIES_MAX} times in a row.`,
  );
};

const toReceived = (message: Message): ReceivedMessage => ({
  id: message.MessageId ?? "",
  receipt: message.ReceiptHandle ?? "",
  body: message.Body ?? "",
  group: message.Attributes?.MessageGroupId,
  receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? "1"),
  sentAtMs: Number(message.Attributes?.SentTimestamp ?? "0"),
});

const countMessages = async (
  client: SQSClient,
  url: string,
): Promise<{ readonly waiting: number; readonly inFlight: number }> => {
  const { Attributes: counts } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return {
    waiting: Number(counts?.ApproximateNumberOfMessages ?? "0"),
    inFlight: Number(counts?.ApproximateNumberOfMessagesNotVisible ?? "0"),
  };
};

const unlessOldReceipt = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!OLD_RECEIPT.has(errorName(error))) throw serviceFault("SQS", error);
  }
};

const orFault = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    throw serviceFault("SQS", error);
  }
};
