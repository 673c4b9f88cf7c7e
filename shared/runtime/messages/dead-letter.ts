import type { TendedQueue, DeadContent } from "../../domain/dead-letters/dead-letter.ts";
import type { ReadDead } from "../../use-cases/tend-dead-letters.ts";
import { RetryableError } from "../../domain/fault.ts";
import { readEnvelope } from "./envelope.ts";
import { readMarketDataMessage } from "./market-data-message.ts";
import { readOrderIntent } from "./order-intent.ts";

/**
 * Takes a dead letter's text apart, as the function that was to read it would. A body that lies
 * elsewhere is not fetched: it is a shard's quotes, as old as their message.
 */
export const readDeadLetter = (queue: TendedQueue, text: string, sentAtMs: number): ReadDead => {
  const read = readEnvelope(text);
  if (!read.ok) {
    const content = { type: "inline", body: text } as const;
    return {
      envelope: { envelope: 1, redrives: 0, content },
      content: unreadable(`The envelope is not valid; look at: ${read.error}.`),
    };
  }
  const envelope = read.value;
  if (envelope.content.type === "reference") {
    return queue === "market-data"
      ? { envelope, content: { type: "marketData", cycleId: "", slotMs: sentAtMs } }
      : { envelope, content: unreadable("An intent's body never lies elsewhere.") };
  }
  return { envelope, content: readContent(queue, envelope.content.body, sentAtMs) };
};

const readContent = (queue: TendedQueue, body: string, sentAtMs: number): DeadContent => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return unreadable("The message is not JSON.");
  }
  if (queue === "market-data") {
    return readQuotes(value, sentAtMs);
  }
  const intent = readOrderIntent(value);
  return intent.ok
    ? { type: "intent", intent: intent.value }
    : unreadable(`The message is not valid; look at: ${intent.error}.`);
};

const readQuotes = (value: unknown, sentAtMs: number): DeadContent => {
  try {
    const message = readMarketDataMessage(value);
    if (!message.ok) return unreadable(`The message is not valid; look at: ${message.error}.`);
    const { cycleId, slotMs } = message.value;
    return { type: "marketData", cycleId, slotMs };
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    // Of a newer form: quotes all the same, for a reader that is on its way.
    return { type: "marketData", cycleId: "", slotMs: sentAtMs };
  }
};

const unreadable = (detail: string): DeadContent => ({ type: "unreadable", detail });
