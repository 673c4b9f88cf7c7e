import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionFault } from "../../shared/domain/assert.ts";
import { RetryableError, TerminalError } from "../../shared/domain/fault.ts";
import { err, ok } from "../../shared/domain/result.ts";
import type { MessageReturner, OutgoingMessage } from "../../shared/ports/message-queue.ts";
import type { FunctionHandler } from "../../shared/runtime/invocation.ts";
import { createLog, type LogRecord } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { createQueueHandler } from "../../shared/runtime/queue-handler.ts";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { queueEvent } from "../lambdas/events.ts";

/** What happens to a message: its body says so. */
type Fate = "done" | "retry" | "terminal" | "bug" | "stranger" | "unreadable" | "refused";

type Bench = {
  readonly handler: FunctionHandler<SQSEvent, SQSBatchResponse>;
  readonly handled: string[];
  readonly buried: OutgoingMessage[];
  readonly logs: LogRecord[];
};

const benchOf = (
  kind: "standard" | "fifo",
  options: {
    readonly deadLetters?: "up" | "down" | "none";
    readonly returnsOf?: (queueName: string) => MessageReturner | undefined;
  } = {},
): Bench => {
  const handled: string[] = [];
  const buried: OutgoingMessage[] = [];
  const logs: LogRecord[] = [];
  const deadLetters = {
    send: async (messages: readonly OutgoingMessage[]): Promise<void> => {
      if (options.deadLetters === "down") throw new RetryableError("The queue does not answer.");
      buried.push(...messages);
    },
  };
  const handler = createQueueHandler<{ readonly id: string; readonly fate: Fate }>(
    {
      name: "test",
      kind,
      parse: (value) => {
        const message = value as { readonly id: string; readonly fate: Fate };
        return message.fate === "refused" ? err("fate") : ok(message);
      },
      handle: async ({ id, fate }) => {
        if (fate === "retry") throw new RetryableError("Not now.");
        if (fate === "terminal") throw new TerminalError("Never.");
        if (fate === "bug") throw new AssertionFault("This holds.");
        if (fate === "stranger") throw new Error("hunter2 is the password");
        handled.push(id);
        return { outcome: "done" };
      },
      correlate: ({ id }) => ({ id }),
      reserveMs: 1_000,
      ...(options.returnsOf === undefined ? {} : { returnsOf: options.returnsOf }),
      ...(options.deadLetters === "none" ? {} : { deadLettersOf: () => deadLetters }),
    },
    {
      log: createLog("debug", (record) => logs.push(record)),
      metrics: noMetrics,
      clock: { monotonicMs: () => 0 },
    },
  );
  return { handler, handled, buried, logs };
};

const eventOf = (fates: readonly Fate[], group?: string): SQSEvent =>
  queueEvent(
    "orders.fifo",
    fates.map((fate, index) => ({
      id: index.toString(),
      body: fate === "unreadable" ? "{" : JSON.stringify({ id: index.toString(), fate }),
      group,
      receiveCount: 1,
    })),
  );

const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 30_000 };
const failedOf = (response: SQSBatchResponse): readonly string[] =>
  response.batchItemFailures.map((failure) => failure.itemIdentifier);

const HOPELESS: ReadonlySet<Fate> = new Set<Fate>(["terminal", "bug", "unreadable", "refused"]);
const anyFates = fc.array(
  fc.constantFrom<Fate>("done", "retry", "terminal", "bug", "stranger", "unreadable", "refused"),
  { maxLength: 10 },
);

describe("a FIFO queue's handler", () => {
  it("returns the first failed record and everything behind it, and buries the hopeless", async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, async (fates) => {
        const { handler, handled, buried } = benchOf("fifo");
        const failed = failedOf(await handler(eventOf(fates, "main"), context));
        const first = fates.findIndex((fate) => fate === "retry" || fate === "stranger");
        const end = first < 0 ? fates.length : first;
        const ids = fates.map((_fate, index) => index.toString());
        expect(failed).toEqual(ids.slice(end));
        expect(handled).toEqual(ids.slice(0, end).filter((_id, index) => fates[index] === "done"));
        expect(buried).toHaveLength(
          fates.slice(0, end).filter((fate) => HOPELESS.has(fate)).length,
        );
      }),
    );
  });

  it("lets a poisoned record block nothing behind it, and loses it nowhere", async () => {
    const { handler, handled, buried } = benchOf("fifo");
    const response = await handler(eventOf(["unreadable", "done"], "main"), context);
    expect(response.batchItemFailures).toEqual([]);
    expect(handled).toEqual(["1"]);
    expect(buried).toEqual([{ body: expect.any(String), group: "main", deduplicationId: "0" }]);
    expect(JSON.parse(buried[0]?.body ?? "")).toEqual({
      envelope: 1,
      redrives: 0,
      failure: { kind: "terminal", detail: "TerminalError: The message is not JSON." },
      content: { type: "inline", body: "{" },
    });
  });

  it("leaves a poisoned record where it is while the dead-letter queue does not take it", async () => {
    for (const deadLetters of ["down", "none"] as const) {
      const { handler, handled } = benchOf("fifo", { deadLetters });
      const response = await handler(eventOf(["terminal", "done"], "main"), context);
      expect(failedOf(response)).toEqual(["0", "1"]);
      expect(handled).toEqual([]);
    }
  });

  it("stops ahead of the deadline and returns what it did not begin", async () => {
    const { handler, handled } = benchOf("fifo");
    let leftMs = 3_000;
    const response = await handler(eventOf(["done", "done", "done", "done"], "main"), {
      awsRequestId: "request",
      getRemainingTimeInMillis: () => (leftMs -= 900),
    });
    expect(handled).toEqual(["0", "1"]);
    expect(failedOf(response)).toEqual(["2", "3"]);
  });
});

const returnedBy = async (fate: Fate, receiveCount: number, isDown = false) => {
  const returned: (readonly [string, number | undefined])[] = [];
  const queue: MessageReturner = {
    release: async (receipt, afterMs) => {
      if (isDown) throw new RetryableError("The queue does not answer.");
      returned.push([receipt, afterMs]);
    },
  };
  const { handler } = benchOf("fifo", {
    returnsOf: (name) => (name === "orders.fifo" ? queue : undefined),
  });
  const body = JSON.stringify({ id: "0", fate });
  const event = queueEvent("orders.fifo", [{ id: "0", body, group: "main", receiveCount }]);
  return { returned, failed: failedOf(await handler(event, context)) };
};

describe("a queue that takes failed messages back", () => {
  it("gets those that may be tried again, soon at first, and lets the last one go", async () => {
    const after: (number | undefined)[] = [];
    for (let receiveCount = 1; receiveCount <= 6; receiveCount++) {
      const { returned, failed } = await returnedBy("retry", receiveCount);
      expect(failed).toEqual(["0"]);
      expect(returned.map(([receipt]) => receipt)).toEqual(["0"]);
      after.push(returned[0]?.[1]);
    }
    expect(after).toEqual([2_000, 5_000, 15_000, 30_000, 1_000, 1_000]);
  });

  it("gets nothing that is done or hopeless", async () => {
    expect((await returnedBy("done", 1)).returned).toEqual([]);
    expect((await returnedBy("terminal", 1)).returned).toEqual([]);
  });

  it("has the message come again at its usual time where it does not answer", async () => {
    expect(await returnedBy("retry", 1, true)).toEqual({ returned: [], failed: ["0"] });
  });
});

describe("a standard queue's handler", () => {
  it("returns each failed record by itself and handles all others", async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, async (fates) => {
        const { handler, handled, buried } = benchOf("standard");
        const failed = failedOf(await handler(eventOf(fates), context));
        const idsOf = (...wanted: readonly Fate[]): readonly string[] =>
          fates.flatMap((fate, index) => (wanted.includes(fate) ? [index.toString()] : []));
        expect(failed).toEqual(idsOf("retry", "stranger"));
        expect(handled).toEqual(idsOf("done"));
        expect(buried).toHaveLength(idsOf("terminal", "bug", "unreadable", "refused").length);
      }),
    );
  });
});

describe("the log of a queue's handler", () => {
  it("finds a message again, and never holds its body or a stranger's words", async () => {
    const { handler, logs } = benchOf("standard");
    await handler(eventOf(["stranger", "done", "refused"]), context);
    expect(JSON.stringify(logs)).not.toContain("hunter2");
    expect(logs.map(({ level, fields }) => [level, fields["id"], fields["messageId"]])).toEqual([
      ["warn", "0", "0"],
      ["info", "1", "1"],
      ["error", undefined, "2"],
    ]);
    expect(logs[2]?.message).toContain("look at: fate.");
  });
});

const wrap = (redrives: number, body: string): string =>
  JSON.stringify({ envelope: 1, redrives, content: { type: "inline", body } });
const record = (body: string) =>
  queueEvent("orders.fifo", [{ id: "0", body, group: "main", receiveCount: 1 }]);

describe("a message's envelope", () => {
  it("is taken off for the reader, and keeps its count when the message is given up again", async () => {
    const { handler, handled, buried } = benchOf("fifo");
    const done = JSON.stringify({ id: "7", fate: "done" });
    await handler(record(wrap(2, done)), context);
    expect(handled).toEqual(["7"]);
    const bug = JSON.stringify({ id: "8", fate: "bug" });
    await handler(record(wrap(2, bug)), context);
    expect(JSON.parse(buried[0]?.body ?? "")).toMatchObject({
      redrives: 2,
      failure: { kind: "bug" },
      content: { type: "inline", body: bug },
    });
  });

  it("that is damaged, or names a body that this function does not read, is given up", async () => {
    const { handler, buried } = benchOf("fifo");
    const reference = { type: "reference", key: "messages/a", sha256: "0".repeat(64), bytes: 1 };
    for (const envelope of [
      { envelope: 2 },
      { envelope: 1, redrives: 0, content: reference },
      { envelope: 1, redrives: -1, content: { type: "inline", body: "{}" } },
    ]) {
      const response = await handler(record(JSON.stringify(envelope)), context);
      expect(response.batchItemFailures).toEqual([]);
    }
    expect(buried).toHaveLength(3);
  });
});
