import * as z from "zod";
import type { MessageEnvelope } from "../../ports/message-envelope.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { badFieldsOf } from "../bad-fields.ts";

const Content = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("inline"), body: z.string() }),
  z.strictObject({
    type: z.literal("reference"),
    key: z.string().min(1).max(160),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().min(0),
  }),
]);

const Envelope: z.ZodType<MessageEnvelope> = z.strictObject({
  envelope: z.literal(1),
  redrives: z.int().min(0).max(1_000),
  failure: z
    .strictObject({ kind: z.enum(["terminal", "bug"]), detail: z.string().max(1_000) })
    .optional(),
  content: Content,
});

/** How every envelope begins, because it is its first field. */
const BEGINNING = '{"envelope":';

/**
 * Reads a message's text: the envelope as it is written, or one around a plain body. Text that is
 * no JSON is a plain body too, which its reader refuses. The error names fields, never values.
 */
export const readEnvelope = (text: string): Result<MessageEnvelope, string> => {
  // Every message passes here: a plain one is not parsed twice.
  if (!text.startsWith(BEGINNING)) {
    return ok({ envelope: 1, redrives: 0, content: { type: "inline", body: text } });
  }
  const parsed = Envelope.safeParse(parseJson(text));
  return parsed.success ? ok(parsed.data) : err(badFieldsOf(parsed.error));
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
