import { describe, expect, it } from "vitest";
import { comesToRest } from "../../../simulation/invariants/comes-to-rest.ts";
import type { RegionView } from "../../../simulation/observation.ts";
import { cellOf, holding, intentOf, NOW_MS, REGION } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { createStage, judge, place, type Stage, withClaims } from "./stage.ts";

const intent = intentOf();

const region = (waiting = 0): RegionView => ({
  name: REGION,
  isIsolated: false,
  queues: {
    "market-data": { waiting: 0, inFlight: 0, dead: 0 },
    "orders.fifo": { waiting, inFlight: 0, dead: 0 },
    "exits.fifo": { waiting: 0, inFlight: 0, dead: 0 },
  },
  health: { level: "OK", reason: "", components: [], atMs: NOW_MS },
  openAlerts: [],
});

const restingStage = (): Stage => {
  const stage = createStage();
  stage.cell = cellOf();
  stage.regions = [region()];
  return stage;
};
const faults = (change: (stage: Stage) => void): number => {
  const stage = restingStage();
  change(stage);
  return judge(comesToRest, stage, [], "liveness").length;
};

describe("a world without faults comes to rest", () => {
  it("with everything settled, agreed and well", () => {
    expect(faults(() => undefined)).toBe(0);
  });

  it("and demands nothing of a world whose faults go on", () => {
    const stage = restingStage();
    stage.cell = "damaged";
    expect(judge(comesToRest, stage, [], "safety")).toEqual([]);
  });

  it("which is broken by whatever is left undone", () => {
    const undone: readonly ((stage: Stage) => void)[] = [
      (stage) => (stage.cell = undefined),
      (stage) => (stage.cell = "damaged"),
      (stage) => (stage.cell = withClaims(cellOf(), claimOf(intent, { stage: "unknown" }))),
      (stage) => (stage.cell = cellOf(holding(2))),
      (stage) =>
        (stage.cell = cellOf({ reconciliation: { state: "unverified", cleanAtMs: null } })),
      (stage) => place(stage, intentOf({ limit: "99.50" })),
      (stage) => (stage.regions = [region(1)]),
      (stage) => (stage.regions = [{ ...region(), openAlerts: [`system-health-${REGION}`] }]),
      (stage) => (stage.regions = [{ ...region(), health: undefined }]),
      (stage) => (stage.regions = [{ ...region(), name: "elsewhere" }]),
    ];
    for (const change of undone) expect.soft([change.toString(), faults(change)]).toContain(1);
  });
});
