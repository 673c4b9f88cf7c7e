import * as z from "zod";
import { readEnvelope } from "../../shared/runtime/messages/envelope.ts";

const Named = z.object({ clientOrderId: z.string() });

/** The client order id that a message of an intent queue carries; `undefined` if it carries none. */
export const clientOrderIdIn = (text: string): string | undefined => {
  const envelope = readEnvelope(text);
  if (!envelope.ok || envelope.value.content.type !== "inline") return undefined;
  try {
    return Named.safeParse(JSON.parse(envelope.value.content.body)).data?.clientOrderId;
  } catch {
    return undefined;
  }
};
