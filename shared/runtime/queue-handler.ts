import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { readReferencedBody } from "../adapters/stored/body-by-reference.ts";
import { RetryableError, TerminalError } from "../domain/fault.ts";
import type { Result } from "../domain/result.ts";
import type { Archive } from "../ports/archive.ts";
import type { MessageFailure } from "../domain/dead-letters/dead-letter.ts";
import type { MessageEnvelope } from "../ports/message-envelope.ts";
import type { MessageReturner, MessageSender } from "../ports/message-queue.ts";
import { readEnvelope } from "./messages/envelope.ts";
import {
  countConflict,
  createInvocation,
  describeFault,
  faultKindOf,
  type Deadline,
  type FunctionHandler,
  type InvocationContext,
  type Runtime,
} from "./invocation.ts";
import type { LogFields } from "./log.ts";

/** A function that a queue feeds. */
export type QueueDefinition<Message> = {
  readonly name: string;
  readonly kind: "standard" | "fifo";
  /** Reads a message's JSON; the refusal names what is wrong and repeats no value. */
  readonly parse: (value: unknown) => Result<Message, string>;
  readonly handle: (message: Message, deadline: Deadline) => Promise<LogFields>;
  /** By what the log finds a message again: its cycle or its order. */
  readonly correlate: (message: Message) => LogFields;
  /** With less than this left no record is begun; it goes back and comes again. */
  readonly reserveMs: number;
  /**
   * The dead-letter queue of the queue with this name; without one, what is hopeless goes back and
   * reaches it by the queue's own count.
   */
  readonly deadLettersOf?: (queueName: string) => MessageSender | undefined;
  /**
   * The queue with this name, where what failed and may be tried again comes again soon instead of
   * when its visibility is over; it hands over one message at a time. Absent for all others.
   */
  readonly returnsOf?: (queueName: string) => MessageReturner | undefined;
  /** Where bodies lie that are too large for the queue; without it a reference is hopeless. */
  readonly archive?: Pick<Archive, "read"> | undefined;
};

/**
 * Makes the handler of a queue. Records are handled one after another. On a standard queue each
 * failed record is reported by itself. On a FIFO queue the failed one and everything behind it go
 * back, or order would be lost.
 *
 * A hopeless record (not readable, `TerminalError`, or a bug of ours) would block its FIFO group
 * for as many visibility time-outs as it has tries, exits included. So it is copied to the
 * dead-letter queue first, with the reason, and counts as handled only then: what stands behind it
 * goes on in order, and nothing is lost, because a copy that fails leaves the record where it was.
 */
export const createQueueHandler = <Message>(
  definition: QueueDefinition<Message>,
  runtime: Runtime,
): FunctionHandler<SQSEvent, SQSBatchResponse> => {
  // A processor holds one batch; a world that overlaps invocations must not share it. On AWS there
  // is one, and making it anew would read the environment for every batch.
  const idle: Processor[] = [];
  return createInvocation(definition.name, runtime, async (event, context) => {
    const processor = idle.pop() ?? createProcessor(definition.kind);
    const handle = (record: SQSRecord): Promise<void> =>
      handleRecord(definition, runtime, record, context);
    const answer = await processPartialResponse(event, handle, processor, {
      processInParallel: false,
      throwOnFullBatchFailure: false,
    });
    // One that has thrown is not used again.
    idle.push(processor);
    return answer;
  });
};

type Processor = BatchProcessor | SqsFifoPartialProcessorAsync;

const createProcessor = (kind: QueueDefinition<unknown>["kind"]): Processor =>
  kind === "fifo" ? new SqsFifoPartialProcessorAsync() : new BatchProcessor(EventType.SQS);

const handleRecord = async <Message>(
  definition: QueueDefinition<Message>,
  runtime: Runtime,
  record: SQSRecord,
  context: InvocationContext,
): Promise<void> => {
  const { log, metrics } = runtime;
  const base = { requestId: context.awsRequestId, messageId: record.messageId };
  let known: LogFields = base;
  try {
    if (context.getRemainingTimeInMillis() < definition.reserveMs) {
      throw new RetryableError("Too little time is left to begin this record.");
    }
    const message = await read(definition, record.body);
    known = { ...base, ...definition.correlate(message) };
    const answer = await definition.handle(message, {
      remainingMs: () => context.getRemainingTimeInMillis(),
    });
    if (log.isOn("info")) log.write("info", `${definition.name} is done.`, { ...known, ...answer });
  } catch (error) {
    const kind = faultKindOf(error);
    const sentence = `${definition.name} could not handle a message: ${describeFault(error)}`;
    const receiveCount = record.attributes.ApproximateReceiveCount;
    metrics.add(kind === "retry" ? "returned" : "hopeless", "Count", 1);
    countConflict(metrics, error);
    log.write(kind === "retry" ? "warn" : "error", sentence, { ...known, kind, receiveCount });
    if (kind === "retry") {
      await returnSoon(definition, runtime, record);
      throw error;
    }
    const detail = describeFault(error).slice(0, DETAIL_MAX);
    if (!(await bury(definition, record, { kind, detail }))) throw error;
  }
};

/**
 * Seconds after which a failed message comes again, by how often it was received: soon, while what
 * failed may be over by then, and later, when more than a moment is out. Whoever has failed after
 * the last is let go, so that what waits behind it in its group is not held up by it.
 */
const AGAIN_AFTER_SECONDS = [2, 5, 15, 30] as const;
const LET_GO_AFTER_SECONDS = 1;

/** What fails here only makes the message come again later, as it would anyway. */
const returnSoon = async <Message>(
  definition: QueueDefinition<Message>,
  { log }: Runtime,
  { messageId, receiptHandle, eventSourceARN, attributes }: SQSRecord,
): Promise<void> => {
  const queue = definition.returnsOf?.(queueNameOf(eventSourceARN));
  if (queue === undefined) return;
  const received = Number(attributes.ApproximateReceiveCount);
  const seconds = AGAIN_AFTER_SECONDS[received - 1] ?? LET_GO_AFTER_SECONDS;
  try {
    await queue.release(receiptHandle, seconds * 1_000);
  } catch (error) {
    const sentence = `${definition.name} could not return a message: ${describeFault(error)}`;
    log.write("warn", sentence, { messageId });
  }
};

const queueNameOf = (eventSourceArn: string): string => eventSourceArn.split(":").at(-1) ?? "";

/** Letters of a failure that its message carries. */
const DETAIL_MAX = 300;

const read = async <Message>(
  definition: QueueDefinition<Message>,
  text: string,
): Promise<Message> => {
  const envelope = readEnvelope(text);
  if (!envelope.ok)
    throw new TerminalError(`The envelope is not valid; look at: ${envelope.error}.`);
  const body = await bodyOf(definition, envelope.value);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new TerminalError("The message is not JSON.", { cause });
  }
  const parsed = definition.parse(value);
  if (!parsed.ok) throw new TerminalError(`The message is not valid; look at: ${parsed.error}.`);
  return parsed.value;
};

const bodyOf = async <Message>(
  { name, archive }: QueueDefinition<Message>,
  { content }: MessageEnvelope,
): Promise<string> => {
  if (content.type === "inline") return content.body;
  if (archive === undefined) throw new TerminalError(`${name} reads no body from elsewhere.`);
  return readReferencedBody(archive, content);
};

/** Copies a record to the dead-letter queue; false where there is none to copy to. */
const bury = async <Message>(
  definition: QueueDefinition<Message>,
  record: SQSRecord,
  failure: MessageFailure,
): Promise<boolean> => {
  const deadLetters = definition.deadLettersOf?.(queueNameOf(record.eventSourceARN));
  if (deadLetters === undefined) return false;
  const body = withFailure(record.body, failure);
  const group = record.attributes.MessageGroupId;
  await deadLetters.send([
    definition.kind === "fifo"
      ? { body, group: group ?? "none", deduplicationId: record.messageId }
      : { body },
  ]);
  return true;
};

/** An envelope around a body that nearly fills a queue could not be sent: that goes as it is. */
const PLAIN_LENGTH_MIN = 64 * 1024;

const withFailure = (text: string, failure: MessageFailure): string => {
  const envelope = readEnvelope(text);
  if (!envelope.ok || text.length > PLAIN_LENGTH_MIN) return text;
  return JSON.stringify({ ...envelope.value, failure });
};
