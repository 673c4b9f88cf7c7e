import { describe, expect, it } from "vitest";
import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import { createStoredDrillManifests } from "../../shared/adapters/stored/drill-manifests.ts";
import {
  DRILL_SCENARIOS,
  newDrill,
  RESTORE_WITHIN_MS,
  scenarioOfMonth,
  secondsSinceLife,
} from "../../shared/domain/failover/deployed-drill.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import type { DrillManifests } from "../../shared/ports/drill-manifests.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import { createWatchDrills } from "../../shared/use-cases/watch-drills.ts";

const BEGAN_MS = Date.UTC(2026, 10, 4, 16);

const watchAt = async (nowMs: number, { hasManifest = true, isRunning = true } = {}) => {
  const stopped: string[] = [];
  const told: Alert[] = [];
  const manifests = createStoredDrillManifests(createMemoryArchive());
  const drill = newDrill(
    { drillId: "d1", scenario: "partition", from: "a", to: "b", account: "main", epoch: 1 },
    BEGAN_MS,
  );
  if (hasManifest) await manifests.save(drill);
  const watched = await createWatchDrills({
    experiments: {
      list: async () => [
        { id: "EXP1", drillId: "d1", isRunning, isStopping: false, status: "running" },
      ],
      stop: async (id) => void stopped.push(id),
    },
    manifests,
    alerts: { publish: async (alert) => void told.push(alert) },
    clock: { nowMs: () => nowMs },
    settings: { mode: "paper", region: "b" },
  })();
  return { watched, stopped, told, drills: await manifests.list(5) };
};

describe("watching over drills", () => {
  it("leaves a drill alone that is in time", async () => {
    const { watched, told } = await watchAt(BEGAN_MS + 60_000);
    expect(watched).toEqual({ running: 1, stopped: 0, closed: 0 });
    expect(told).toEqual([]);
  });

  it("ends what is late, and what no drill stands for, and tells people", async () => {
    for (const { stopped, told } of [
      await watchAt(BEGAN_MS + RESTORE_WITHIN_MS),
      await watchAt(BEGAN_MS, { hasManifest: false }),
    ]) {
      expect(stopped).toEqual(["EXP1"]);
      expect(told).toMatchObject([{ severity: "critical", runbook: "failover-drill" }]);
    }
  });

  it("closes a drill whose workflow is gone, so that the next one may begin", async () => {
    const late = BEGAN_MS + RESTORE_WITHIN_MS;
    const { watched, drills } = await watchAt(late, { isRunning: false });
    expect(watched).toMatchObject({ stopped: 0, closed: 1 });
    expect(drills[0]).toMatchObject({ restoredAtMs: late });
  });
});

const openPlace = () => {
  const told: Alert[] = [];
  let nowMs = BEGAN_MS;
  let isRunning = true;
  const clock = { nowMs: () => nowMs };
  const telemetry = createStoredTelemetry(createMemoryItemStore(), { region: "b" });
  const topic = { publish: async (alert: Alert) => void told.push(alert) };
  const manifests = createStoredDrillManifests(createMemoryArchive());
  const watch = createWatchDrills({
    experiments: {
      list: async () => [
        { id: "EXP1", drillId: "d1", isRunning, isStopping: false, status: "known" },
      ],
      stop: async () => {
        isRunning = false;
      },
    },
    manifests,
    alerts: keepAlerts({ alerts: topic, telemetry, clock }),
    clock,
    settings: { mode: "paper", region: "b" },
  });
  const lookAfter = async (ms: number): Promise<readonly string[]> => {
    nowMs = BEGAN_MS + ms;
    await watch();
    return told.map(({ action }) => action);
  };
  const endFault = (): void => {
    isRunning = false;
  };
  return { manifests, lookAfter, endFault };
};
const save = async (manifests: DrillManifests): Promise<void> => {
  const wish = { drillId: "d1", scenario: "partition", from: "a", to: "b" } as const;
  await manifests.save(newDrill({ ...wish, account: "main", epoch: 1 }, BEGAN_MS));
};

describe("what was told of a drill", () => {
  it("is over for people as soon as nothing is injected any more, and only once", async () => {
    for (const hasManifest of [true, false]) {
      const { manifests, lookAfter } = openPlace();
      if (hasManifest) await save(manifests);
      expect(await lookAfter(RESTORE_WITHIN_MS)).toEqual(["trigger"]);
      const [first, ...rest] = (await lookAfter(RESTORE_WITHIN_MS + 60_000)).slice(1);
      // A drill that is closed now is told of once more, as the same incident.
      expect(first).toBe(hasManifest ? "trigger" : "resolve");
      expect(rest).toEqual([]);
      const after = await lookAfter(RESTORE_WITHIN_MS + 120_000);
      expect(after.at(-1)).toBe("resolve");
      expect(await lookAfter(RESTORE_WITHIN_MS + 5 * 3_600_000)).toEqual(after);
    }
  });

  it("is nothing where the drill ended by itself: people hear of no end either", async () => {
    const { manifests, lookAfter, endFault } = openPlace();
    await save(manifests);
    expect(await lookAfter(60_000)).toEqual([]);
    endFault();
    const [drill] = await manifests.list(1);
    if (drill === undefined) throw new Error("There is no drill.");
    await manifests.save({ ...drill, restoredAtMs: BEGAN_MS + 90_000 });
    expect(await lookAfter(120_000)).toEqual([]);
  });
});

describe("a drill", () => {
  it("takes each scenario in its turn, month by month", () => {
    const scenarios = [0, 1, 2].map((month) => scenarioOfMonth(Date.UTC(2026, month, 4)));
    expect(scenarios.toSorted()).toEqual([...DRILL_SCENARIOS].toSorted());
  });

  it("counts from the last sign of life, or from the strike where there was none since", () => {
    expect(secondsSinceLife({ beatAtMs: 30_000, struckAtMs: 0 }, 105_000)).toBe(75);
    expect(secondsSinceLife({ beatAtMs: null, struckAtMs: 0 }, 105_000)).toBe(105);
    expect(secondsSinceLife({ beatAtMs: null, struckAtMs: 0 }, null)).toBeNull();
    expect(secondsSinceLife({ beatAtMs: null, struckAtMs: null }, 1)).toBeNull();
  });
});
