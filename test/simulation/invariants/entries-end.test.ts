import { describe, expect, it } from "vitest";
import { createEntriesEnd } from "../../../simulation/invariants/entries-end.ts";
import { cellOf, intentOf, NOW_MS, REGION } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { by, createStage, judge, place, type Told, withClaims, wrote } from "./stage.ts";

const entry = intentOf({ limit: "99.50" });
const reconciles = by("reconcile-orders");

/** So many clean reconciliations, a minute apart, with the entry working and `between` first. */
const verdicts = (count: number, validUntilMs: number, between: readonly Told[] = []): number => {
  const stage = createStage();
  const order = place(stage, entry);
  const claim = claimOf(entry, { stage: "working", validUntilMs });
  const clean = (minute: number): Told => {
    const atMs = NOW_MS + minute * 60_000;
    const before = withClaims(cellOf(), claim);
    const reconciliation = { state: "clean", cleanAtMs: atMs } as const;
    return wrote(before, { ...withClaims(before, claim), reconciliation }, reconciles, atMs);
  };
  const told: readonly Told[] = [
    { type: "brokerOrderChanged", before: undefined, order },
    ...between.map((one) =>
      one.type === "cancelAsked" ? { ...one, brokerOrderId: order.id } : one,
    ),
    ...Array.from({ length: count }, (_, index) => clean(index + 1)),
  ];
  return judge(createEntriesEnd(), stage, told).length;
};

const reconciled: Told = { type: "functionEnded", actor: reconciles, outcome: "returned" };

const orphanTold: Told = {
  type: "alertRaised",
  region: REGION,
  alert: {
    key: `orphan-order-${entry.clientOrderId}`,
    action: "trigger",
    severity: "critical",
    summary: "It was live without a claim.",
    component: "reconcile-orders",
    mode: "paper",
    atMs: NOW_MS,
    runbook: "ledger-broker-differ",
  },
};

/** Verdicts on an order without a claim that so many runs have seen since, after `between`. */
const orphaned = (runs: number, ...between: readonly Told[]): number => {
  const stage = createStage();
  const order = place(stage, entry);
  const asked = between.map((one) =>
    one.type === "cancelAsked" ? { ...one, brokerOrderId: order.id } : one,
  );
  return judge(createEntriesEnd(), stage, [
    { type: "brokerOrderChanged", before: undefined, order },
    ...asked,
    orphanTold,
    ...Array.from({ length: runs }, () => reconciled),
  ]).length;
};

describe("entries end", () => {
  it("holds while an entry is valid, and once its cancellation was asked for", () => {
    expect(verdicts(9, NOW_MS + 3_600_000)).toBe(0);
    const asked: Told = { type: "cancelAsked", actor: reconciles, brokerOrderId: "" };
    expect(verdicts(9, NOW_MS, [asked])).toBe(0);
    expect(verdicts(3, NOW_MS)).toBe(0);
  });

  it("is broken by an order without a claim that is told of and never cancelled", () => {
    expect(orphaned(11)).toBe(0);
    expect(orphaned(12)).toBe(1);
    expect(orphaned(20, { type: "cancelAsked", actor: reconciles, brokerOrderId: "" })).toBe(0);
  });

  it("is broken by one that reconciliation after reconciliation leaves working", () => {
    expect(verdicts(9, NOW_MS)).toBe(1);
  });
});
