import { describe, expect, it } from "vitest";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import { probeIsNoOrder } from "../../../simulation/invariants/probe-is-no-order.ts";
import { cellOf, intentOf } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { arrived, by, createStage, judge, place, type Told, withClaims, wrote } from "./stage.ts";

const probe = by("probe-pipeline");
const intent: OrderIntent = {
  ...intentOf(),
  account: "probe",
  clientOrderId: intentOf().clientOrderId.replace("_main_", "_probe_") as never,
};

const verdicts = (...told: readonly Told[]): number =>
  judge(probeIsNoOrder, createStage(), told).length;

const writes = (partition: string, document: unknown, table: "ledger" | "telemetry"): Told => ({
  type: "tendingWrote",
  actor: probe,
  table,
  partition,
  document,
});

describe("the probe never becomes an order", () => {
  it("holds for real orders, and for what the probe writes of its own", () => {
    expect(verdicts(arrived(intentOf(), 1))).toBe(0);
    expect(verdicts(writes("cell#probe", cellOf(), "ledger"))).toBe(0);
    expect(verdicts(writes("evidence#us-east-1#probe", {}, "telemetry"))).toBe(0);
  });

  it("is broken by an intent of the probe, recorded, requested or at the broker", () => {
    const { clientOrderId } = intent;
    const recorded: Told = {
      type: "eventsAppended",
      actor: by("execute-orders"),
      clientOrderId,
      sequence: 0,
      events: [],
    };
    expect(verdicts(recorded, arrived(intent, 1))).toBe(2);
    const order = { ...place(createStage(), intentOf()), clientOrderId };
    expect(verdicts({ type: "brokerOrderChanged", before: undefined, order })).toBe(1);
  });

  it("is broken by a probe that writes the account's cell, or claims in its own", () => {
    expect(verdicts(wrote(cellOf(), cellOf(), probe))).toBe(1);
    const claimed = withClaims(cellOf(), claimOf(intentOf()));
    expect(verdicts(writes("cell#probe", claimed, "ledger"))).toBe(1);
    expect(verdicts(writes("cell#probe", { body: claimed }, "ledger"))).toBe(1);
    expect(verdicts(writes("cell#main", cellOf(), "ledger"))).toBe(1);
    expect(verdicts(writes("quotes#us-east-1#0", {}, "telemetry"))).toBe(1);
  });
});
