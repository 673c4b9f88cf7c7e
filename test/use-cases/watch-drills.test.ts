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
import type { Alert } from "../../shared/ports/alerts.ts";
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
