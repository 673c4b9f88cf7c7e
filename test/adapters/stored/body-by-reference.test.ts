import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createMemoryArchive } from "../../../shared/adapters/memory/archive.ts";
import {
  createReferencingSender,
  readReferencedBody,
} from "../../../shared/adapters/stored/body-by-reference.ts";
import { RetryableError, TerminalError } from "../../../shared/domain/fault.ts";
import type { OutgoingMessage } from "../../../shared/ports/message-queue.ts";
import { readEnvelope } from "../../../shared/runtime/messages/envelope.ts";

const LIMIT = 256 * 1024;

const bench = () => {
  const archive = createMemoryArchive();
  const sent: OutgoingMessage[] = [];
  const sender = createReferencingSender(
    {
      send: async (messages) => {
        sent.push(...messages);
      },
    },
    archive,
  );
  return { archive, sender, sent };
};

const resolve = async (
  archive: ReturnType<typeof createMemoryArchive>,
  text: string,
): Promise<string> => {
  const envelope = readEnvelope(text);
  if (!envelope.ok) throw new Error(envelope.error);
  const { content } = envelope.value;
  return content.type === "inline" ? content.body : readReferencedBody(archive, content);
};

it("carries a body of any size through a queue of 256 KiB, byte for byte and in order", async () => {
  const parts = fc.array(fc.tuple(fc.constantFrom("a", "é", "😀", '"'), fc.nat(400_000)), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(parts, async (sizes) => {
      const { archive, sender, sent } = bench();
      const bodies = sizes.map(([letter, count]) => JSON.stringify(letter.repeat(count)));
      await sender.send(bodies.map((body, index) => ({ body, group: `${index}` })));
      expect(sent.map(({ group }) => group)).toEqual(bodies.map((_body, index) => `${index}`));
      for (const [index, { body }] of sent.entries()) {
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(LIMIT);
        expect(await resolve(archive, body)).toBe(bodies[index]);
      }
    }),
    { numRuns: 20 },
  );
});

it("gives up on a body that is gone or is another, and tries again while the archive is silent", async () => {
  const { archive, sender, sent } = bench();
  await sender.send([{ body: JSON.stringify("x".repeat(LIMIT)) }]);
  const text = sent[0]?.body ?? "";
  const key = (await archive.list("messages/", 10))[0] ?? "";
  await archive.write(key, "something else");
  await expect(resolve(archive, text)).rejects.toThrow(TerminalError);
  await expect(resolve(createMemoryArchive(), text)).rejects.toThrow(TerminalError);
  const silent = {
    ...archive,
    read: async () => {
      throw new RetryableError("The archive does not answer.");
    },
  };
  await expect(resolve(silent, text)).rejects.toThrow(RetryableError);
});

it("sends no reference to what the archive did not take, and refuses what no reader takes", async () => {
  const { sent } = bench();
  const sender = createReferencingSender(
    { send: async (messages) => void sent.push(...messages) },
    {
      write: async () => {
        throw new RetryableError("The archive does not answer.");
      },
    },
  );
  await expect(sender.send([{ body: "x".repeat(LIMIT) }])).rejects.toThrow(RetryableError);
  await expect(sender.send([{ body: "x".repeat(17 * 1024 * 1024) }])).rejects.toThrow(
    TerminalError,
  );
  expect(sent).toEqual([]);
});
