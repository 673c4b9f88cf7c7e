import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breachesOf } from "../../../shared/domain/reconciliation/breaches.ts";
import {
  responseTo,
  type DifferenceType,
} from "../../../shared/domain/reconciliation/difference.ts";
import { cellOf } from "../../fixtures/orders.ts";

const TYPES: readonly DifferenceType[] = [
  "externalPosition",
  "corporateAction",
  "averagePrice",
  "cash",
  "orphanOrder",
  "externalOrder",
  "orderDiffers",
  "unlistedStatus",
  "lostOrder",
  "unreadableOrder",
  "historyUnreadable",
  "accountBlocked",
];

describe("what must never happen", () => {
  it("is found in every difference that is not simply taken over, and in nothing else", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TYPES)), (types) => {
        const differences = types.map((type) => ({ type, detail: "It differs." }));
        const breaches = breachesOf(differences, cellOf(), 0);
        const serious = types.filter((type) => responseTo(type) !== "adopted");
        expect(breaches.ledgerBrokerDiffer ?? 0).toBe(serious.length);
        expect(Object.keys(breaches).length > 0).toBe(serious.length > 0);
      }),
    );
  });

  it("has a name of its own where people must know at once what it is", () => {
    const differences = [
      { type: "externalPosition", detail: "More is held." },
      { type: "orphanOrder", detail: "An order works." },
      { type: "orphanOrder", detail: "Another order works." },
      { type: "externalOrder", detail: "Not ours." },
      { type: "historyUnreadable", detail: "Damaged." },
    ] as const;
    expect(breachesOf(differences, cellOf(), 0)).toEqual({
      doubledOrder: 1,
      orphanOrder: 2,
      unguardedOrder: 1,
      orderHistoryDamaged: 1,
      ledgerBrokerDiffer: 5,
    });
  });
});
