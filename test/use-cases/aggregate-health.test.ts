import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import { createAggregateHealth } from "../../shared/use-cases/aggregate-health.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import { settingsWith, TEN_MS } from "./cycle-world.ts";

/** Two Regions on one store, and a monitor outside. */
const openRegion = () => {
  const items = createMemoryItemStore();
  const telemetry = createStoredTelemetry(items, { region: "us-east-2" });
  const peer = {
    region: "us-west-2",
    telemetry: createStoredTelemetry(items, { region: "us-west-2" }),
  };
  const told: Alert[] = [];
  const topic = { isDown: false };
  let nowMs = TEN_MS;
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
  const aggregate = createAggregateHealth({
    telemetry,
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
  return { aggregate, prove, advance, telemetry, peer, told, topic, beats: () => beats };
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
    region.topic.isDown = true;
    await region.aggregate();
    expect(region.told).toEqual([]);
    region.topic.isDown = false;
    region.advance(60_000);
    await region.prove(region.peer.telemetry, "aggregate-health");
    await region.aggregate();
    expect(region.told.map(({ key }) => key)).toEqual(["system-health-us-east-2"]);
  });
});
