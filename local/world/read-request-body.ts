import type { IncomingMessage } from "node:http";

const BODY_BYTES_MAX = 16_384;

/** The text of a request's body; `undefined` if it is longer than any wish. */
export const readRequestBody = async (incoming: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
};
