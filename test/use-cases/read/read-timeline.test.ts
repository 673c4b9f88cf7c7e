import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredChaosLog } from "../../../shared/adapters/stored/chaos-log.ts";
import { createStoredHealing } from "../../../shared/adapters/stored/healing.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import { FAILURES } from "../../../shared/domain/chaos/chaos-mode.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { SystemHealth, SystemLevel } from "../../../shared/domain/health/system-health.ts";
import type { ReadTimelineDeps } from "../../../shared/use-cases/read/read-timeline.ts";
import { createReadTimeline } from "../../../shared/use-cases/read/read-timeline.ts";

const MINUTE_MS = 60_000;
const START_MS = Date.parse("2026-03-10T15:00:00Z");
const NOW_MS = START_MS + 30 * MINUTE_MS;

const healthAt = (minute: number, level: SystemLevel): SystemHealth => ({
  level,
  reason: `It is ${level}.`,
  atMs: START_MS + minute * MINUTE_MS,
  components: [
    {
      component: "broker",
      isCritical: true,
      level: level === "OK" ? "healthy" : "critical",
      reason: "Evidence.",
      evidenceAtMs: START_MS,
    },
  ],
});

const createDesk = async (history: readonly SystemHealth[], change: Partial<ReadTimelineDeps>) => {
  const store = createMemoryItemStore();
  const region = { region: "local" };
  const telemetry = createStoredTelemetry(store, region);
  const log = createStoredChaosLog(store, region);
  const healing = createStoredHealing(store, region);
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => NOW_MS };
  for (const health of history) await telemetry.recordHealth(health);
  const last = history.at(-1) ?? healthAt(30, "OK");
  const read = createReadTimeline({
    telemetry,
    healing,
    clock,
    chaos: { log, causes: FAILURES, strikes: {}, clock },
    settings: { mode: "sim" },
    assess: async () => ({ ...last, atMs: NOW_MS }),
    ...change,
  });
  return { read, telemetry, log, healing };
};

const at = (minute: number): number => START_MS + minute * MINUTE_MS;

describe("the timeline", () => {
  it("says what is wrong, since when, and what is done about it", async () => {
    const { read } = await createDesk([healthAt(1, "OK"), healthAt(20, "FAILED")], {});
    const view = await read();
    expect(view).toMatchObject({ level: "FAILED", sinceMs: START_MS + 20 * MINUTE_MS });
    expect(view.troubles).toMatchObject([
      { component: "broker", level: "critical", sinceMs: START_MS + 20 * MINUTE_MS },
    ]);
    expect(view.troubles[0]?.response).toContain("No order is sent");
  });

  it("says when it recovered, and how long that took", async () => {
    const history = [healthAt(1, "OK"), healthAt(10, "FAILED"), healthAt(14, "OK")];
    const { read } = await createDesk(history, {});
    expect((await read()).recovered).toEqual({
      atMs: START_MS + 14 * MINUTE_MS,
      tookMs: 4 * MINUTE_MS,
    });
  });

  it("puts what was broken, told and healed into one order, newest first", async () => {
    const { read, telemetry, log, healing } = await createDesk(
      [healthAt(1, "OK"), healthAt(11, "FAILED"), healthAt(16, "OK")],
      {},
    );
    const times = { beganAtMs: at(10), endsAtMs: at(15), clearedAtMs: null };
    await log.note({ failure: "broker_down", by: "operator", ...times });
    await telemetry.recordAlert({
      alert: {
        key: "system-health-local",
        action: "resolve",
        severity: "info",
        summary: "Well.",
        component: "system",
        mode: "sim",
        atMs: at(16),
        runbook: "system-health",
      },
      toldAtMs: at(16),
      beganAtMs: at(11),
    });
    const remedy = { remedy: "resetVendor", cause: "vendorFailing", component: "market-data" };
    await healing.note({
      ...({ ...remedy, subject: "alpaca", outcome: "helped", detail: "It helped." } as const),
      id: "1",
      atMs: at(13),
    } as Parameters<typeof healing.note>[0]);
    const { events } = await read();
    const minutes = events.map(({ atMs }) => (atMs - START_MS) / MINUTE_MS);
    expect(minutes).toEqual(minutes.toSorted((left, right) => right - left));
    expect(events.map(({ kind }) => kind).toSorted()).toEqual(
      ["alert", "alert", "chaos", "chaos", "healing", "health", "health"].toSorted(),
    );
    const told = events.flatMap(({ kind, title, detail }) =>
      kind === "alert" ? `${title}. ${detail}` : [],
    );
    expect(told).toEqual([
      "Alert system-health-local is over. Well.",
      "Alert system-health-local began. It has ended since.",
    ]);
  });

  it("is not OK where health cannot be read, and still tells what was broken", async () => {
    const { read, log } = await createDesk([], {
      assess: () => Promise.reject(new RetryableError("No answer.")),
    });
    const times = { beganAtMs: NOW_MS - 1_000, endsAtMs: NOW_MS + 1_000, clearedAtMs: null };
    await log.note({ failure: "telemetry_down", by: "operator", ...times });
    const view = await read();
    expect(view.level).toBe("FAILED");
    expect(view.missing).toEqual(["health"]);
    expect(view.events[0]).toMatchObject({ kind: "chaos" });
  });
});
