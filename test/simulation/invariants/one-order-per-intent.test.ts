import { describe, expect, it } from "vitest";
import { createOneOrderPerIntent } from "../../../simulation/invariants/one-order-per-intent.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import { intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { arrived, createStage, judge, place, type Stage, type Told } from "./stage.ts";

const entry = intentOf();

const id = entry.clientOrderId;

const recordedOn = (stage: Stage, intent: OrderIntent): void => {
  stage.histories.set(intent.clientOrderId, [
    { type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "d" },
  ]);
};

const isNew = (stage: Stage, intent: OrderIntent): Told => ({
  type: "brokerOrderChanged",
  before: undefined,
  order: place(stage, intent),
});

describe("one order per intent", () => {
  it("holds while each recorded intent has one order", () => {
    const stage = createStage();
    recordedOn(stage, entry);
    const told = [arrived(entry, 1), isNew(stage, entry)];
    expect(judge(createOneOrderPerIntent(), stage, told)).toEqual([]);
  });

  it("is broken by an order whose id no recorded intent has", () => {
    const found = judge(createOneOrderPerIntent(), createStage(), [arrived(entry, 1)]);
    expect(found).toMatchObject([{ invariant: "one-order-per-intent", clientOrderId: id }]);
  });

  it("is broken by a second order of one decision under another id", () => {
    const stage = createStage();
    const told = [isNew(stage, entry), isNew(stage, intentOf({ revision: 1 }))];
    expect(judge(createOneOrderPerIntent(), stage, told)).toHaveLength(1);
  });

  it("is broken by two orders of the broker under one id", () => {
    const stage = createStage();
    const first = isNew(stage, entry);
    if (first.type !== "brokerOrderChanged") throw new Error("It is a change of an order.");
    const second: Told = { ...first, order: { ...first.order, id: "another" } };
    expect(judge(createOneOrderPerIntent(), stage, [first, second])).toHaveLength(1);
  });
});
