import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QueueOptions } from "../../shared/adapters/stored/message.ts";
import { TerminalError } from "../../shared/domain/fault.ts";
import type { MessageQueue, ReceivedMessage } from "../../shared/ports/message-queue.ts";
import { observeQueue, type QueueObserver } from "./queue-observer.ts";

/** A new empty queue, and the time it lives in. */
type QueueUnderTest = {
  readonly queue: MessageQueue;
  /** Its dead-letter queue, opened as a queue. */
  readonly deadLetters: MessageQueue;
  readonly nowMs: () => number;
  readonly advance: (ms: number) => void;
};

type Create = (options: QueueOptions) => Promise<QueueUnderTest>;

const VISIBILITY_MS = 30_000;

const optionsOf = (kind: QueueOptions["kind"], maxReceiveCount = 3): QueueOptions => ({
  kind,
  visibilityTimeoutMs: VISIBILITY_MS,
  maxReceiveCount,
});

const commandArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant("send" as const), group: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("receive" as const), limit: fc.nat(10) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("remove" as const), index: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("release" as const), index: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("return" as const),
      index: fc.nat(),
      afterMs: fc.constantFrom(1_000, 5_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("advance" as const),
      ms: fc.constantFrom(1_000, VISIBILITY_MS - 1_000, VISIBILITY_MS),
    }),
  },
);

/** What every adapter of the message queue does, standard and FIFO. */
export const describeMessageQueue = (
  name: string,
  create: Create,
  { runs }: { readonly runs: number },
): void => {
  for (const kind of ["standard", "fifo"] as const) {
    describe(`${name}: a ${kind} queue`, () => {
      it("loses nothing, delivers nothing twice at once, and keeps a group's order", async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(commandArbitrary, { maxLength: 40 }), async (commands) => {
            const under = await create(optionsOf(kind));
            const observer = observeQueue(optionsOf(kind));
            for (const command of commands) await play(under, observer, command);
            await drain(under, observer);
          }),
          { numRuns: runs },
        );
      });

      it("hands out nothing while empty, and more than ten at a time never", async () => {
        const { queue } = await create(optionsOf(kind));
        expect(await queue.receive(10)).toEqual([]);
        for (let index = 0; index < 25; index++) {
          await queue.send([messageOf(kind, index, `group-${index}`)]);
        }
        expect((await queue.receive(25)).length).toBeLessThanOrEqual(10);
        expect((await queue.receive(3)).length).toBeLessThanOrEqual(3);
      });

      it("takes a batch larger than ten in order", async () => {
        const { queue } = await create(optionsOf(kind));
        await queue.send(Array.from({ length: 23 }, (_, index) => messageOf(kind, index, "one")));
        const bodies: string[] = [];
        for (let turn = 0; turn < 60 && bodies.length < 23; turn++) {
          for (const message of await queue.receive(10)) {
            bodies.push(message.body);
            await queue.remove(message.receipt);
          }
        }
        const expected = Array.from({ length: 23 }, (_, index) => bodyOf(index));
        expect(kind === "fifo" ? bodies : bodies.toSorted()).toEqual(
          kind === "fifo" ? expected : expected.toSorted(),
        );
      });

      it("carries bodies up to 256 KiB unchanged, and refuses larger ones whole", async () => {
        const { queue } = await create(optionsOf(kind));
        const largest = "é".repeat(128 * 1024);
        const message = { ...messageOf(kind, 1, "one"), body: largest };
        await expect(
          queue.send([messageOf(kind, 2, "one"), { ...message, body: `${largest}!` }]),
        ).rejects.toThrow(TerminalError);
        expect(await queue.receive(10)).toEqual([]);
        await queue.send([message]);
        expect((await queue.receive(1))[0]?.body).toBe(largest);
      });

      it("says when a message was sent and how often it was received", async () => {
        const { queue, nowMs, advance } = await create(optionsOf(kind));
        const sentAtMs = nowMs();
        await queue.send([messageOf(kind, 1, "one")]);
        for (const receiveCount of [1, 2]) {
          const [message] = await queue.receive(1);
          expect(message).toMatchObject({ receiveCount, sentAtMs });
          advance(VISIBILITY_MS);
        }
      });

      it("gives up a message to a queue that can be read, and that gives up nothing", async () => {
        const { queue, deadLetters, advance } = await create(optionsOf(kind, 2));
        await queue.send([messageOf(kind, 1, "one")]);
        expect(await deadLetters.receive(10)).toEqual([]);
        for (let delivery = 0; delivery < 2; delivery++) {
          const [message] = await queue.receive(1);
          await queue.release(message?.receipt ?? "");
        }
        expect(await queue.receive(1)).toEqual([]);
        for (let look = 0; look < 4; look++) {
          const [dead] = await deadLetters.receive(10);
          expect(dead).toMatchObject({
            body: bodyOf(1),
            group: kind === "fifo" ? "one" : undefined,
          });
          expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 0, dead: 1 });
          if (look % 2 === 0) await deadLetters.release(dead?.receipt ?? "");
          else advance(VISIBILITY_MS);
        }
        const [last] = await deadLetters.receive(10);
        await deadLetters.remove(last?.receipt ?? "");
        expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 0, dead: 0 });
        // What is copied there by hand lies beside what died by count.
        await deadLetters.send([messageOf(kind, 2, "one")]);
        expect((await queue.depth()).dead).toBe(1);
        expect((await deadLetters.receive(1))[0]?.body).toBe(bodyOf(2));
      });

      it("hides what is returned for as long as it is told, and counts each delivery", async () => {
        const { queue, advance } = await create(optionsOf(kind));
        await queue.send([messageOf(kind, 1, "one")]);
        for (const receiveCount of [1, 2]) {
          const [message] = await queue.receive(1);
          expect(message).toMatchObject({ body: bodyOf(1), receiveCount });
          await queue.release(message?.receipt ?? "", 5_000);
          advance(4_000);
          expect(await queue.receive(1)).toEqual([]);
          advance(1_000);
        }
        const [last] = await queue.receive(1);
        await queue.release(last?.receipt ?? "", 1_000);
        advance(1_000);
        expect(await queue.receive(1)).toEqual([]);
        expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 0, dead: 1 });
      });

      it("returns nothing for an old receipt", async () => {
        const { queue, advance } = await create(optionsOf(kind));
        await queue.send([messageOf(kind, 1, "one")]);
        const [first] = await queue.receive(1);
        advance(VISIBILITY_MS);
        const [second] = await queue.receive(1);
        expect(second?.body).toBe(bodyOf(1));
        await queue.release(first?.receipt ?? "", 1_000);
        advance(1_000);
        expect(await queue.receive(1)).toEqual([]);
      });

      it("forgets nothing for an old receipt, which neither removes nor releases", async () => {
        const { queue, advance } = await create(optionsOf(kind));
        await queue.send([messageOf(kind, 1, "one")]);
        const [first] = await queue.receive(1);
        advance(VISIBILITY_MS);
        const [second] = await queue.receive(1);
        await queue.release(first?.receipt ?? "");
        expect(await queue.receive(1)).toEqual([]);
        await queue.remove(first?.receipt ?? "");
        expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 1, dead: 0 });
        await queue.remove(second?.receipt ?? "");
        expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 0, dead: 0 });
      });
    });
  }

  describe(`${name}: a FIFO queue's groups and deduplication`, () => {
    it("a message that keeps failing blocks its group, then dies and lets the next pass", async () => {
      const { queue, advance } = await create(optionsOf("fifo", 2));
      await queue.send([
        messageOf("fifo", 1, "stuck"),
        messageOf("fifo", 2, "stuck"),
        messageOf("fifo", 3, "free"),
      ]);
      const free = (await receiveAll(queue)).filter(({ group }) => group === "free");
      expect(free.map(({ body }) => body)).toEqual([bodyOf(3)]);
      advance(VISIBILITY_MS);
      await queue.remove(free[0]?.receipt ?? "");
      const seen: string[] = [];
      for (let turn = 0; turn < 6; turn++) {
        const [front] = await queue.receive(1);
        if (front === undefined) continue;
        seen.push(front.body);
        await queue.release(front.receipt);
      }
      expect(seen.filter((body) => body === bodyOf(1)).length).toBeLessThanOrEqual(1);
      expect(seen).toContain(bodyOf(2));
      expect((await queue.depth()).dead).toBeGreaterThanOrEqual(2);
    });

    it("keeps what waits behind a returned message waiting, and in its order", async () => {
      const { queue, advance } = await create(optionsOf("fifo"));
      await queue.send([messageOf("fifo", 1, "one"), messageOf("fifo", 2, "one")]);
      const [first] = await queue.receive(1);
      await queue.release(first?.receipt ?? "", 2_000);
      expect(await queue.receive(1)).toEqual([]);
      advance(2_000);
      const bodies: string[] = [];
      for (let turn = 0; turn < 2; turn++) {
        const [front] = await queue.receive(1);
        bodies.push(front?.body ?? "");
        await queue.remove(front?.receipt ?? "");
      }
      expect(bodies).toEqual([bodyOf(1), bodyOf(2)]);
    });

    it("drops a message whose id was sent less than five minutes before, even if removed", async () => {
      const { queue, advance } = await create(optionsOf("fifo"));
      const message = messageOf("fifo", 1, "one");
      await queue.send([message]);
      const [received] = await queue.receive(1);
      await queue.remove(received?.receipt ?? "");
      advance(4 * 60_000);
      await queue.send([message]);
      expect(await queue.receive(1)).toEqual([]);
      advance(61_000);
      await queue.send([message]);
      expect((await queue.receive(1)).map(({ body }) => body)).toEqual([message.body]);
    });
  });
};

const bodyOf = (index: number): string => JSON.stringify({ index });

const messageOf = (kind: QueueOptions["kind"], index: number, group: string) =>
  kind === "fifo"
    ? { body: bodyOf(index), group, deduplicationId: `id-${index}` }
    : { body: bodyOf(index) };

const receiveAll = async (queue: MessageQueue): Promise<readonly ReceivedMessage[]> => {
  const all: ReceivedMessage[] = [];
  for (let turn = 0; turn < 20; turn++) {
    const batch = await queue.receive(10);
    if (batch.length === 0) break;
    all.push(...batch);
  }
  return all;
};

type Command = typeof commandArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

const play = async (
  { queue, nowMs, advance }: QueueUnderTest,
  observer: QueueObserver,
  command: Command,
): Promise<void> => {
  switch (command.type) {
    case "send": {
      const group = `group-${command.group}`;
      const message = messageOf(observer.kind, observer.sent(group), group);
      await queue.send([message]);
      break;
    }
    case "receive": {
      const limit = command.limit + 1;
      observer.received(await queue.receive(limit), Math.min(limit, 10), nowMs());
      break;
    }
    case "remove":
    case "release": {
      const receipt = observer.receiptAt(command.index, nowMs());
      if (receipt === undefined) break;
      await queue[command.type](receipt);
      observer[command.type](receipt);
      break;
    }
    case "return": {
      const receipt = observer.receiptAt(command.index, nowMs());
      if (receipt === undefined) break;
      await queue.release(receipt, command.afterMs);
      observer.release(receipt, nowMs() + command.afterMs);
      break;
    }
    case "advance":
      advance(command.ms);
  }
};

/** Takes everything out: what was sent is by then removed or dead, and nothing else exists. */
const drain = async (under: QueueUnderTest, observer: QueueObserver): Promise<void> => {
  const { queue, nowMs, advance } = under;
  advance(VISIBILITY_MS);
  for (let turn = 0; turn < 100; turn++) {
    const batch = await queue.receive(10);
    observer.received(batch, 10, nowMs());
    for (const { receipt } of batch) {
      await queue.remove(receipt);
      observer.remove(receipt);
    }
    if (batch.length === 0) break;
  }
  expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 0, dead: observer.deadCount() });
  observer.expectNothingLost();
};
