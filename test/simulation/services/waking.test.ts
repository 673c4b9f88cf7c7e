import { describe, expect, it } from "vitest";
import { createEngine } from "../../../simulation/engine/engine.ts";
import type { FaultKind } from "../../../simulation/faults/fault-kind.ts";
import { createAlertTopic } from "../../../simulation/services/alert-topic.ts";
import { createEventSource } from "../../../simulation/services/event-source.ts";
import { createSimulatedQueue } from "../../../simulation/services/queue.ts";
import { startSchedule } from "../../../simulation/services/schedule.ts";
import { faultsOf } from "../still-faults.ts";

const NOTHING = (): void => undefined;
const VISIBLE_MS = 90_000;

/** A FIFO queue and a function that answers as it is told, in turn. */
const sourceOf = (answers: readonly ("works" | "names it failed" | "throws")[]) => {
  const engine = createEngine(0, NOTHING);
  const delivered: (readonly [number, string])[] = [];
  const queue = createSimulatedQueue({
    region: "us-east-1",
    name: "exits.fifo",
    options: { kind: "fifo", visibilityTimeoutMs: VISIBLE_MS, maxReceiveCount: 5 },
    faults: faultsOf(),
    observe: NOTHING,
  });
  let calls = 0;
  const source = createEventSource({
    engine,
    queue,
    queueName: "exits.fifo",
    batchSize: 1,
    concurrencyMax: 2,
    invoke: async ({ Records }) => {
      const answer = answers[calls++] ?? "works";
      for (const { body } of Records) delivered.push([engine.nowMs(), body]);
      if (answer === "throws") throw new Error("It died.");
      const failed = answer === "works" ? [] : Records;
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
  });
  const send = (body: string, group: string): void => {
    queue.send([{ body, group, deduplicationId: body }], engine.nowMs());
    source.wake();
  };
  return { engine, queue, send, delivered };
};

describe("a simulated event source", () => {
  it("delivers in the order of the group, each as soon as the one before is done", async () => {
    const { engine, queue, send, delivered } = sourceOf([]);
    send("a1", "a");
    send("a2", "a");
    await engine.run(1_000);
    expect(delivered.map(([, body]) => body)).toEqual(["a1", "a2"]);
    expect(queue.depth()).toEqual({ waiting: 0, inFlight: 0, dead: 0 });
  });

  it.each(["names it failed", "throws"] as const)(
    "keeps a message in flight whose function %s, and with it what stands behind",
    async (answer) => {
      const { engine, send, delivered } = sourceOf([answer]);
      send("a1", "a");
      send("a2", "a");
      await engine.run(VISIBLE_MS - 1);
      expect(delivered.map(([, body]) => body)).toEqual(["a1"]);
      await engine.run(VISIBLE_MS + 1_000);
      expect(delivered.map(([, body]) => body)).toEqual(["a1", "a1", "a2"]);
    },
  );
});

const MINUTE_MS = 60_000;

const slotsOf = async (kinds: readonly FaultKind[], fails = false) => {
  const engine = createEngine(0, NOTHING);
  const started: (readonly [slotMs: number, atMs: number])[] = [];
  startSchedule({
    engine,
    faults: faultsOf(kinds),
    name: "cycle",
    phaseMs: 1_000,
    firstMs: 0,
    lastMs: 3 * MINUTE_MS,
    start: async (slotMs) => {
      started.push([slotMs, engine.nowMs()]);
      if (fails) throw new Error("It was not started.");
    },
  });
  await engine.run(10 * MINUTE_MS);
  return started;
};

describe("a simulated schedule", () => {
  it("starts every slot within its minute, with the slot's own time", async () => {
    const started = await slotsOf([]);
    expect(started.map(([slotMs]) => slotMs)).toEqual([0, 1, 2, 3].map((each) => each * MINUTE_MS));
    for (const [slotMs, atMs] of started) expect(atMs - slotMs).toBeLessThan(MINUTE_MS);
  });

  it("starts a slot twice, late or not at all", async () => {
    expect(await slotsOf(["slot-twice"])).toHaveLength(8);
    expect(await slotsOf(["slot-skipped"])).toEqual([]);
    const late = await slotsOf(["slot-late"]);
    expect(late.some(([slotMs, atMs]) => atMs - slotMs > MINUTE_MS)).toBe(true);
  });

  it("tries a slot that was not started once more, and not a third time", async () => {
    const started = await slotsOf([], true);
    expect(started).toHaveLength(8);
    for (const [slotMs, atMs] of started) expect(atMs - slotMs).toBeLessThan(MINUTE_MS);
  });
});

const ALERT = {
  key: "system-health",
  action: "trigger",
  severity: "critical",
  summary: "It failed.",
  component: "system",
  mode: "paper",
  atMs: 0,
  runbook: "system-health",
} as const;

const topicOf = (failures: number) => {
  const engine = createEngine(0, NOTHING);
  const notified: number[] = [];
  const topic = createAlertTopic({
    engine,
    region: "us-east-1",
    observe: NOTHING,
    notify: async () => {
      notified.push(engine.nowMs());
      if (notified.length <= failures) throw new Error("The pager is down.");
    },
  });
  return { engine, topic, notified };
};

describe("a simulated alerts topic", () => {
  it("calls its function, and twice more while that fails", async () => {
    const { engine, topic, notified } = topicOf(2);
    await topic.alerts.publish(ALERT);
    await engine.run(10 * MINUTE_MS);
    expect(notified).toHaveLength(3);
  });

  it("raises an alarm when all three tries have failed", async () => {
    const { engine, topic, notified } = topicOf(3);
    await topic.alerts.publish(ALERT);
    await engine.run(10 * MINUTE_MS);
    expect(notified).toHaveLength(4);
    expect(topic.openKeys().some((key) => key.includes("failed-alerts"))).toBe(true);
  });

  it("keeps the key of an alert until it is resolved", async () => {
    const { engine, topic } = topicOf(0);
    await topic.alerts.publish(ALERT);
    expect(topic.openKeys()).toEqual(["system-health"]);
    await topic.alerts.publish({ ...ALERT, action: "resolve" });
    expect(topic.openKeys()).toEqual([]);
    await engine.run(MINUTE_MS);
  });
});
