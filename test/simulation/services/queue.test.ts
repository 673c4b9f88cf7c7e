import { describe, expect, it } from "vitest";
import type { FaultKind } from "../../../simulation/faults/fault-kind.ts";
import type { ObservationType } from "../../../simulation/observation.ts";
import { createSimulatedQueue } from "../../../simulation/services/queue.ts";
import { faultsOf } from "../still-faults.ts";

const VISIBLE_MS = 90_000;

const queueOf = (kind: "fifo" | "standard", kinds: readonly FaultKind[] = []) => {
  const observed: ObservationType[] = [];
  const queue = createSimulatedQueue({
    region: "us-east-1",
    name: kind === "fifo" ? "orders.fifo" : "market-data",
    options: { kind, visibilityTimeoutMs: VISIBLE_MS, maxReceiveCount: 3 },
    faults: faultsOf(kinds),
    observe: ({ type }) => observed.push(type),
  });
  const send = (body: string, group: string, nowMs = 0): void =>
    queue.send([kind === "fifo" ? { body, group, deduplicationId: body } : { body }], nowMs);
  const bodies = (nowMs: number, limit = 10): readonly string[] =>
    queue.receive(limit, nowMs).map(({ body }) => body);
  return { queue, send, bodies, observed };
};

describe("a simulated FIFO queue", () => {
  it("keeps the order of a group, and locks it while one of it is in flight", () => {
    const { queue, send, bodies } = queueOf("fifo");
    send("a1", "a");
    send("a2", "a");
    send("b1", "b");
    const [first] = queue.receive(1, 0);
    expect(first?.body).toBe("a1");
    expect(bodies(1)).toEqual(["b1"]);
    queue.remove(first?.receipt ?? "", 2);
    expect(bodies(3)).toEqual(["a2"]);
  });

  it("gives a failed message again before what was sent behind it", () => {
    const { send, bodies } = queueOf("fifo");
    send("a1", "a");
    send("a2", "a");
    expect(bodies(0, 1)).toEqual(["a1"]);
    expect(bodies(VISIBLE_MS - 1)).toEqual([]);
    expect(bodies(VISIBLE_MS, 1)).toEqual(["a1"]);
  });

  it("drops an id that comes again within five minutes, and takes it afterwards", () => {
    const { queue, send } = queueOf("fifo");
    send("a1", "a", 0);
    send("a1", "a", 299_999);
    expect(queue.depth().waiting).toBe(1);
    send("a1", "a", 300_000);
    expect(queue.depth().waiting).toBe(2);
  });

  it("moves what was delivered often enough to the dead letters, and goes on behind it", () => {
    const { queue, send, bodies, observed } = queueOf("fifo");
    send("a1", "a");
    send("a2", "a");
    for (let time = 0; time < 3; time++) expect(bodies(time * VISIBLE_MS, 1)).toEqual(["a1"]);
    expect(bodies(3 * VISIBLE_MS, 1)).toEqual(["a2"]);
    expect(queue.depth()).toEqual({ waiting: 0, inFlight: 1, dead: 1 });
    expect(observed).toContain("messageDeadLettered");
  });

  it("removes nothing by the receipt of an older delivery", () => {
    const { queue, send } = queueOf("fifo");
    send("a1", "a");
    const [first] = queue.receive(1, 0);
    queue.receive(1, VISIBLE_MS);
    queue.remove(first?.receipt ?? "", VISIBLE_MS + 1);
    expect(queue.depth().inFlight).toBe(1);
  });

  it("gives a message again whose removal was lost", () => {
    const { queue, send, bodies } = queueOf("fifo", ["lost-removal"]);
    send("a1", "a");
    const [first] = queue.receive(1, 0);
    queue.remove(first?.receipt ?? "", 1);
    expect(bodies(VISIBLE_MS)).toEqual(["a1"]);
  });

  it("holds back what was sent behind a message that is late", () => {
    const { queue, send, bodies } = queueOf("fifo", ["late-message"]);
    send("a1", "a");
    expect(bodies(0)).toEqual([]);
    expect(queue.nextVisibleAtMs(0)).toBeGreaterThan(0);
  });
});

describe("a simulated standard queue", () => {
  it("locks nothing: all that waits is given at once", () => {
    const { send, bodies } = queueOf("standard");
    send("1", "");
    send("2", "");
    expect(bodies(0, 1)).toEqual(["1"]);
    expect(bodies(0)).toEqual(["2"]);
  });

  it("delivers a message twice although it was removed", () => {
    const { queue, send, bodies } = queueOf("standard", ["duplicate-message"]);
    send("1", "");
    const [first] = queue.receive(1, 0);
    queue.remove(first?.receipt ?? "", 1);
    expect(bodies(60_000)).toContain("1");
  });

  it("holds back what is sent while it lags behind, and nothing else", () => {
    const { queue, send, bodies } = queueOf("standard");
    send("1", "", 0);
    queue.lag(120_000, 60_000);
    send("2", "", 59_999);
    send("3", "", 60_000);
    expect(bodies(60_000)).toEqual(["1", "3"]);
    expect(bodies(179_998)).toEqual(["1", "3"]);
    expect(bodies(179_999)).toEqual(["2"]);
  });

  it("gives messages in another order", () => {
    const orders = new Set<string>();
    for (let minute = 0; minute < 20; minute++) {
      const { send, bodies } = queueOf("standard", ["reordered-message"]);
      for (const body of ["1", "2", "3"]) send(body, "", minute * 60_000);
      orders.add(bodies(minute * 60_000).join(""));
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});
