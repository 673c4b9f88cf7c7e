import { describe, expect, it } from "vitest";
import { haltTrading, reduceTrading } from "../../../shared/domain/risk/trading-state.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { createRestoredIsWhole } from "../../../simulation/invariants/restored-is-whole.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { by, createStage, judge, place, type Told, withClaims, wrote } from "./stage.ts";

const change = { reason: "Restored.", by: "restore", atMs: NOW_MS };
const before: ControlCell = { ...cellOf(), epoch: 7 };
const fresh: ControlCell = {
  ...reduceTrading(before, change),
  epoch: 1_007,
  reconciliation: { state: "unverified", cleanAtMs: null, restoredAsOfMs: NOW_MS },
};
const clean: ControlCell = { ...fresh, reconciliation: { state: "clean", cleanAtMs: NOW_MS } };

const restored = (cell: ControlCell): Told => ({ type: "ledgerRestored", asOfMs: NOW_MS, cell });
const refused = (detail: string): Told => ({ type: "restoreRefused", detail });
const reconciler = by("reconcile-orders");

const verdicts = (stage: ReturnType<typeof createStage>, ...told: readonly Told[]): number =>
  judge(createRestoredIsWhole(), stage, [wrote(undefined, before, undefined), ...told]).length;

describe("what is restored is whole", () => {
  it("holds for a raised epoch, exits only, and a clean end with every order's history", () => {
    const stage = createStage();
    const order = place(stage, intentOf());
    stage.histories.set(order.clientOrderId, [
      { type: "intentRecorded", atMs: NOW_MS, intent: intentOf(), recordedBy: "a test" },
    ]);
    expect(verdicts(stage, restored(fresh), wrote(fresh, clean, reconciler))).toBe(0);
    expect(verdicts(stage, restored(haltTrading(fresh, change)))).toBe(0);
  });

  it("is broken by an epoch that was there before, and by entries at once", () => {
    expect(verdicts(createStage(), restored({ ...fresh, epoch: 7 }))).toBe(1);
    const active = { ...fresh, tradingState: before.tradingState };
    expect(verdicts(createStage(), restored(active))).toBe(1);
  });

  it("is broken by an entry before the first clean reconciliation", () => {
    const claimed = wrote(fresh, withClaims(fresh, claimOf(intentOf())), by("execute-orders"));
    expect(verdicts(createStage(), restored(fresh), claimed)).toBe(1);
    expect(verdicts(createStage(), claimed)).toBe(0);
  });

  it("is broken where it is clean, and an order of ours at the broker has no history", () => {
    const stage = createStage();
    place(stage, intentOf());
    expect(verdicts(stage, restored(fresh), wrote(fresh, clean, reconciler))).toBe(1);
  });

  it("is broken by a refusal", () => {
    expect(verdicts(createStage(), refused("A file is missing."))).toBe(1);
  });
});
