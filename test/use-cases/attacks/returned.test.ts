import { describe, expect, it } from "vitest";
import { createHandler } from "../../../lambdas/execute-orders/handler.ts";
import { handledOf, toQueueEvent } from "../../../local/queue-event.ts";
import { createMemoryQueue } from "../../../shared/adapters/memory/message-queue.ts";
import { silentLog } from "../../../shared/runtime/log.ts";
import { noMetrics } from "../../../shared/runtime/metrics.ts";
import { unprotectedIn } from "../../../shared/domain/risk/unprotected.ts";
import type { TradingAccount } from "../trading-account.ts";
import { heldInBracket, patient } from "./scene.ts";

const QUEUE = "exits.fifo";
const VISIBILITY_MS = 90_000;
const STEP_MS = 1_000;

/** The queue of exits as its function is fed from it, one message at a time. */
const openExits = (account: TradingAccount) => {
  const { deps } = account;
  const queue = createMemoryQueue(
    { kind: "fifo", visibilityTimeoutMs: VISIBILITY_MS, maxReceiveCount: 5 },
    deps.clock,
  );
  const handler = createHandler(
    { ...deps, returnsOf: (name) => (name === QUEUE ? queue : undefined) },
    { log: silentLog, metrics: noMetrics, clock: deps.clock },
  );
  const deliver = async (): Promise<void> => {
    const messages = await queue.receive(1);
    if (messages.length === 0) return;
    const context = { awsRequestId: "", getRemainingTimeInMillis: () => 15_000 };
    const answer = await handler(toQueueEvent(messages, QUEUE), context);
    for (const { receipt } of handledOf(messages, answer)) await queue.remove(receipt);
  };
  const send = (...intents: readonly { readonly clientOrderId: string }[]): Promise<void> =>
    queue.send(
      intents.map((intent) => ({
        body: JSON.stringify(intent),
        group: "main",
        deduplicationId: intent.clientOrderId,
      })),
    );
  return { queue, deliver, send };
};

/** Lets time pass in steps, with a delivery after each, until nothing is held. */
const closeWithin = async (
  account: TradingAccount,
  deliver: () => Promise<void>,
): Promise<number> => {
  const fromMs = account.nowMs();
  while (account.position() !== 0 && account.nowMs() - fromMs < 2 * VISIBILITY_MS) {
    await deliver();
    account.advance(STEP_MS);
  }
  return account.nowMs() - fromMs;
};

describe("an exit that fails behind the bracket that it has cancelled", () => {
  it("comes again within seconds, not when its message would be visible again", async () => {
    const account = await heldInBracket();
    const { deliver, send } = openExits(account);
    await send(patient({ side: "sell", purpose: "exit" }, account));
    account.plan("refuseRate", "refuseRate", "acceptAndFill");
    await deliver();
    expect(unprotectedIn(await account.cell())).toEqual(["IBM"]);
    expect(await closeWithin(account, deliver)).toBeLessThanOrEqual(10_000);
    expect(account.posts()).toBe(4);
    expect(account.taken).toHaveLength(2);
  });

  it("steps aside after five tries, and what waits behind it is sent", async () => {
    const account = await heldInBracket();
    const { queue, deliver, send } = openExits(account);
    const first = patient({ side: "sell", purpose: "exit" }, account);
    await send(first, patient({ side: "sell", purpose: "exit", minute: 1 }, account));
    account.plan(...Array.from({ length: 5 }, () => "refuseRate" as const), "acceptAndFill");
    expect(await closeWithin(account, deliver)).toBeLessThan(VISIBILITY_MS);
    const [dead] = await queue.deadLetters.receive(1);
    expect(dead).toMatchObject({ body: JSON.stringify(first), receiveCount: 6 });
    expect(account.taken).toHaveLength(2);
  });
});
