import { describe, expect, it } from "vitest";
import { createWatchfulHealth } from "../../../local/world/watchful-health.ts";
import type { WorldEvent } from "../../../local/world/world-event.ts";
import type { ComponentLevel, SystemHealth } from "../../../shared/domain/health/system-health.ts";
import { createVirtualHost } from "./virtual-host.ts";

const healthWith = (level: ComponentLevel): SystemHealth => ({
  level: level === "healthy" ? "OK" : "FAILED",
  reason: "As it is.",
  atMs: 1,
  components: [
    { component: "broker", isCritical: true, level, reason: "As it is.", evidenceAtMs: 1 },
  ],
});

const createWorld = () => {
  const host = createVirtualHost();
  const told: WorldEvent[] = [];
  const done: string[] = [];
  let level: ComponentLevel = "healthy";
  const health = createWatchfulHealth({
    derive: async () => {
      done.push("derive");
      return healthWith(level);
    },
    heal: async () => void done.push("heal"),
    prove: async () => void done.push("prove"),
    timers: host.timers,
    host,
    clock: { nowMs: host.monotonicMs },
    tell: (event) => void told.push(event),
    onFailure: (name) => void done.push(`failed ${name}`),
  });
  const become = (next: ComponentLevel): void => {
    level = next;
  };
  return { host, health, told, done, become };
};

describe("watchful health", () => {
  it("looks within a moment after something failed, and heals what got worse", async () => {
    const { host, health, told, done, become } = createWorld();
    await health.derive();
    become("critical");
    await host.pass(60_000);
    health.soon();
    await host.pass(25);
    expect(done).toEqual(["derive", "derive", "heal"]);
    expect(told.at(-1)).toMatchObject({ type: "healthChanged", from: "OK", to: "FAILED" });
    expect(health.level()).toBe("FAILED");
  });

  it("looks five times a second at most, however much fails", async () => {
    const { host, health, done } = createWorld();
    for (let failure = 0; failure < 100; failure++) {
      health.soon();
      await host.pass(50);
    }
    expect(done.length).toBeLessThanOrEqual(26);
  });

  it("proves that it works once it is well again", async () => {
    const { health, done, become } = createWorld();
    become("critical");
    await health.derive();
    become("healthy");
    await health.derive();
    expect(done).toEqual(["derive", "derive", "prove"]);
  });

  it("does nothing any more once it was stopped", async () => {
    const { host, health, done } = createWorld();
    health.stop();
    health.soon();
    await host.pass(10_000);
    expect(done).toEqual([]);
  });
});
