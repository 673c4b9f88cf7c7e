import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import { createAggregateHealth } from "../../shared/use-cases/aggregate-health.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import { SESSION, settingsWith, TEN_MS } from "./cycle-world.ts";

const MINUTE_MS = 60_000;
const CRITICAL = [
  "trading-cycle",
  "market-data",
  "score-signals",
  "reconcile-orders",
  "ledger",
  "broker",
];

/** Two Regions on one store, and a monitor outside. */
const openRegion = (startsAtMs = TEN_MS) => {
  const items = createMemoryItemStore();
  const telemetry = createStoredTelemetry(items, { region: "us-east-2" });
  const peer = {
    region: "us-west-2",
    telemetry: createStoredTelemetry(items, { region: "us-west-2" }),
  };
  const told: Alert[] = [];
  const topic = { isDown: false };
  let nowMs = startsAtMs;
  let beats = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const publish = async (alert: Alert): Promise<void> => {
    if (topic.isDown) throw new RetryableError("The topic is down.");
    told.push(alert);
  };
  const monitor = {
    beat: async () => {
      beats += 1;
      return false;
    },
  };
  const alerts = keepAlerts({ alerts: { publish }, telemetry, clock });
  let isKept = true;
  const aggregate = createAggregateHealth({
    telemetry: {
      ...telemetry,
      recordHealth: async (health) => {
        if (!isKept) throw new RetryableError("The store is down.");
        await telemetry.recordHealth(health);
      },
    },
    alerts,
    clock,
    settings: settingsWith(),
    peer,
    monitor,
  });
  const prove = (where: typeof telemetry, component: string, succeeded = true) =>
    where.recordEvidence({
      component,
      atMs: nowMs,
      succeeded,
      detail: "Evidence.",
      latencyMs: null,
      dataAgeMs: null,
      fault: null,
    });
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  const proveAll = async (): Promise<void> => {
    await prove(peer.telemetry, "aggregate-health");
    for (const component of [...CRITICAL, "flow", "notify"]) await prove(telemetry, component);
  };
  /** What people were told of the whole system, with its severity. */
  const toldOfSystem = (): readonly string[] =>
    told
      .filter(({ key }) => key.startsWith("system-health"))
      .map(({ action, severity }) => `${action} ${severity}`);
  /** Whether health is stored from now on. */
  const keep = (isKeptNow: boolean): void => {
    isKept = isKeptNow;
  };
  const given = { telemetry, peer, told, topic, beats: () => beats };
  return { ...given, aggregate, prove, proveAll, toldOfSystem, keep, advance };
};

describe("aggregating health", () => {
  it("is heard outside each minute, unless trading failed; an outside that fails harms nobody", async () => {
    const region = openRegion();
    await region.prove(region.peer.telemetry, "aggregate-health");
    expect((await region.aggregate()).level).toBe("DEGRADED");
    expect(region.beats()).toBe(1);
    await region.prove(region.telemetry, "ledger", false);
    expect((await region.aggregate()).level).toBe("FAILED");
    expect(region.beats()).toBe(1);
  });

  it("tells once that the other Region is silent, and that it is heard again", async () => {
    const region = openRegion();
    const told = () =>
      region.told
        .filter(({ key }) => key === "peer-silent-us-west-2")
        .map(({ action, severity }) => `${action} ${severity}`);
    await region.prove(region.peer.telemetry, "aggregate-health");
    await region.aggregate();
    expect(told()).toEqual([]);
    for (let minute = 0; minute < 10; minute++) {
      region.advance(60_000);
      const health = await region.aggregate();
      const peer = health.components.find(({ component }) => component === "peer-region");
      expect(peer?.level === "healthy").toBe(minute < 3);
    }
    expect(told()).toEqual(["trigger critical"]);
    await region.prove(region.peer.telemetry, "aggregate-health");
    await region.aggregate();
    await region.aggregate();
    expect(told()).toEqual(["trigger critical", "resolve info"]);
  });

  it("tells later what the topic did not take", async () => {
    const region = openRegion();
    await region.prove(region.peer.telemetry, "aggregate-health");
    await region.prove(region.telemetry, "broker", false);
    region.topic.isDown = true;
    await region.aggregate();
    expect(region.told).toEqual([]);
    region.topic.isDown = false;
    region.advance(60_000);
    await region.prove(region.peer.telemetry, "aggregate-health");
    await region.aggregate();
    expect(region.told.map(({ key }) => key)).toEqual(["system-health-us-east-2"]);
  });

  it("ends an incident of which it was told, and which nobody kept: its run died in between", async () => {
    const region = openRegion();
    await region.proveAll();
    await region.aggregate();
    await region.prove(region.telemetry, "broker", false);
    region.keep(false);
    await expect(region.aggregate()).rejects.toThrow("The store is down.");
    expect(region.toldOfSystem()).toEqual(["trigger warning"]);
    region.keep(true);
    for (let minute = 0; minute < 4; minute++) {
      region.advance(MINUTE_MS);
      await region.proveAll();
    }
    // The last level that was kept is OK, and so is this one: no change is left to be told.
    expect((await region.aggregate()).level).toBe("OK");
    expect(region.toldOfSystem()).toEqual(["trigger warning", "resolve info"]);
    region.advance(MINUTE_MS);
    await region.proveAll();
    await region.aggregate();
    expect(region.toldOfSystem()).toHaveLength(2);
  });

  it("begins an incident again that it ended without keeping so, and that is there again", async () => {
    const region = openRegion();
    await region.proveAll();
    await region.prove(region.telemetry, "broker", false);
    await region.aggregate();
    const look = async (isKept: boolean): Promise<void> => {
      region.keep(isKept);
      region.advance(MINUTE_MS);
      await region.proveAll();
      await region.aggregate().catch(() => undefined);
    };
    const isEnded = () => region.toldOfSystem().includes("resolve info");
    // What is kept of a look is needed for the next one; the one that tells the end is not kept.
    for (let minute = 0; minute < 10 && !isEnded(); minute++) {
      await look(false);
      if (!isEnded()) await look(true);
    }
    expect(region.toldOfSystem().filter((word) => word === "resolve info")).toHaveLength(1);
    const before = region.toldOfSystem();
    region.keep(true);
    region.advance(MINUTE_MS);
    await region.proveAll();
    await region.prove(region.telemetry, "broker", false);
    // The last level that was kept is a bad one, and so is this one.
    expect((await region.aggregate()).level).not.toBe("OK");
    expect(region.toldOfSystem()).toHaveLength(before.length + 1);
    expect(region.toldOfSystem().at(-1)).toMatch(/^trigger/);
    region.advance(MINUTE_MS);
    await region.proveAll();
    await region.aggregate();
    expect(region.toldOfSystem().filter((word) => word === "resolve info")).toHaveLength(1);
  });
});

/** Minutes in which nothing happens but the looks at health. */
const watch = async (region: ReturnType<typeof openRegion>, minutes: number) => {
  for (let minute = 0; minute < minutes; minute++) {
    region.advance(MINUTE_MS);
    await region.prove(region.peer.telemetry, "aggregate-health");
    await region.aggregate();
  }
};

describe("a start", () => {
  it("is not OK and calls nobody while the first proofs come in", async () => {
    const region = openRegion();
    await region.prove(region.peer.telemetry, "aggregate-health");
    expect((await region.aggregate()).level).toBe("DEGRADED");
    region.advance(MINUTE_MS);
    await region.proveAll();
    expect((await region.aggregate()).level).toBe("OK");
    expect(region.toldOfSystem()).toEqual([]);
  });

  it("has failed, and is told once, where a first proof never comes", async () => {
    const region = openRegion();
    await region.prove(region.peer.telemetry, "aggregate-health");
    await region.aggregate();
    await watch(region, 3);
    expect(region.toldOfSystem()).toEqual([]);
    const beats = region.beats();
    await watch(region, 5);
    expect(region.toldOfSystem()).toEqual(["trigger critical"]);
    expect(region.beats()).toBe(beats);
  });

  it("is waited for from the open on, however long before it began", async () => {
    const region = openRegion(SESSION.opensAtMs - 30 * MINUTE_MS);
    await watch(region, 33);
    expect(region.toldOfSystem()).toEqual([]);
    await watch(region, 1);
    expect(region.toldOfSystem()).toEqual(["trigger critical"]);
  });

  it("hides nothing that fails meanwhile", async () => {
    const region = openRegion();
    await region.prove(region.peer.telemetry, "aggregate-health");
    await region.prove(region.telemetry, "broker", false);
    await region.aggregate();
    expect(region.toldOfSystem()).toEqual(["trigger critical"]);
  });

  it("is none for what has proven itself before: its silence is told as soon as ever", async () => {
    const region = openRegion();
    await region.proveAll();
    await region.aggregate();
    await watch(region, 3);
    expect(region.toldOfSystem()).toEqual([]);
    await watch(region, 1);
    expect(region.toldOfSystem()).toEqual(["trigger critical"]);
  });
});
