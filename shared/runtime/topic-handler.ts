import type { SNSEvent } from "aws-lambda";
import type * as z from "zod";
import { TerminalError } from "../domain/fault.ts";
import { badFieldsOf } from "./bad-fields.ts";
import { createInvocation, type FunctionHandler, type Runtime } from "./invocation.ts";
import type { LogFields } from "./log.ts";

/** A function that a topic feeds. */
export type TopicDefinition<Message> = {
  readonly name: string;
  readonly message: z.ZodType<Message>;
  readonly handle: (message: Message) => Promise<void>;
  readonly correlate: (message: Message) => LogFields;
};

/**
 * Makes the handler of a topic. SNS hands over one message at a time; whatever is thrown is tried
 * again by Lambda, twice, and then kept by the function's dead-letter queue.
 */
export const createTopicHandler = <Message>(
  definition: TopicDefinition<Message>,
  runtime: Runtime,
): FunctionHandler<SNSEvent, void> =>
  createInvocation(definition.name, runtime, async (event, context) => {
    for (const { Sns } of event.Records) {
      const message = read(definition, Sns.Message);
      await definition.handle(message);
      runtime.log.write("info", `${definition.name} is done.`, {
        requestId: context.awsRequestId,
        messageId: Sns.MessageId,
        ...definition.correlate(message),
      });
    }
  });

const read = <Message>(definition: TopicDefinition<Message>, text: string): Message => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TerminalError("The message is not JSON.", { cause });
  }
  const parsed = definition.message.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TerminalError(`The message is not valid; look at: ${badFieldsOf(parsed.error)}.`);
};
