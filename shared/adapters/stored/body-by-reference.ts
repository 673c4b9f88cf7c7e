import { hash } from "node:crypto";
import { TerminalError } from "../../domain/fault.ts";
import type { Archive } from "../../ports/archive.ts";
import type { BodyReference, MessageEnvelope } from "../../ports/message-envelope.ts";
import type { MessageSender, OutgoingMessage } from "../../ports/message-queue.ts";

/** Bodies beyond this go by reference: below the 256 KiB of a queue, with room for an envelope. */
const INLINE_BYTES_MAX = 192 * 1024;
/** No reader takes more into its memory. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** Below this prefix the archive forgets after as long as a dead-letter queue keeps. */
const PREFIX = "messages";

/**
 * A sender that keeps a body which is too large for a queue in the archive and sends its reference
 * instead. It is kept under its own checksum, so that one sent twice is stored once, and before its
 * reference is sent. Throws `RetryableError`; `TerminalError` beyond 16 MiB.
 */
export const createReferencingSender = (
  sender: MessageSender,
  archive: Pick<Archive, "write">,
): MessageSender => ({
  send: async (messages) => {
    const sent: OutgoingMessage[] = [];
    for (const message of messages) sent.push(await referLarge(archive, message));
    await sender.send(sent);
  },
});

const referLarge = async (
  archive: Pick<Archive, "write">,
  message: OutgoingMessage,
): Promise<OutgoingMessage> => {
  // A UTF-16 unit takes at most three bytes, so that short bodies need no counting.
  if (message.body.length * 3 <= INLINE_BYTES_MAX) return message;
  const bytes = Buffer.byteLength(message.body);
  if (bytes <= INLINE_BYTES_MAX) return message;
  if (bytes > BODY_BYTES_MAX) {
    throw new TerminalError(`A body of ${bytes} bytes is larger than any reader takes.`);
  }
  const sha256 = hash("sha256", message.body);
  const key = `${PREFIX}/${sha256}.json`;
  await archive.write(key, message.body);
  const content = { type: "reference", key, sha256, bytes } as const;
  const envelope: MessageEnvelope = { envelope: 1, redrives: 0, content };
  return { ...message, body: JSON.stringify(envelope) };
};

/**
 * Returns the body that a reference names. Throws `TerminalError` where it is gone or is not what
 * was sent, which no other try cures, and `RetryableError` while the archive does not answer.
 */
export const readReferencedBody = async (
  archive: Pick<Archive, "read">,
  { key, sha256, bytes }: BodyReference,
): Promise<string> => {
  if (bytes > BODY_BYTES_MAX) throw new TerminalError("The body is larger than any reader takes.");
  const body = await archive.read(key);
  if (body === undefined) throw new TerminalError(`The body ${key} is not in the archive.`);
  if (Buffer.byteLength(body) !== bytes || hash("sha256", body) !== sha256) {
    throw new TerminalError(`The body ${key} is not the one that was sent.`);
  }
  return body;
};
