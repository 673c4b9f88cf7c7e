import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredLeases } from "../../../shared/adapters/stored/leases.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { ok } from "../../../shared/domain/result.ts";
import { countOrders } from "../../../shared/domain/risk/count-orders.ts";
import { createReadPositions } from "../../../shared/use-cases/read/read-positions.ts";
import { createReadRegion } from "../../../shared/use-cases/read/read-region.ts";
import { claimOf, inFlightOf } from "../../fixtures/claims.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { settings } from "../../use-cases/trading-account.ts";

const liveLegIds = ["stop", "target"];
const working = claimOf(intentOf(), { stage: "working", liveLegIds });
const part = claimOf(intentOf({ minute: 1 }), {
  stage: "working",
  filled: shares(1),
  liveLegIds,
});
const held = claimOf(intentOf({ minute: 2 }), {
  stage: "protecting",
  filled: shares(2),
  liveLegIds,
});
const exit = claimOf(intentOf({ minute: 3, side: "sell", purpose: "exit" }), { stage: "unknown" });

describe("the count of an account's orders", () => {
  it("has entries and exits that may fill as open, and legs around what is held as protecting", () => {
    expect(countOrders(inFlightOf())).toEqual({ open: 0, protecting: 0 });
    expect(countOrders(inFlightOf(working))).toEqual({ open: 1, protecting: 0 });
    expect(countOrders(inFlightOf(part))).toEqual({ open: 1, protecting: 2 });
    expect(countOrders(inFlightOf(held))).toEqual({ open: 0, protecting: 2 });
    expect(countOrders(inFlightOf(working, part, held, exit))).toEqual({ open: 3, protecting: 4 });
  });

  it("is the same wherever it is asked for", async () => {
    const ledger = { loadCell: async () => ok(cellOf(inFlightOf(held, exit))) };
    const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 };
    const leases = createStoredLeases(createMemoryItemStore());
    const telemetry = { loadQuotes: async () => [] };
    const region = await createReadRegion({ ledger, leases, clock, settings })();
    const positions = await createReadPositions({ ledger, telemetry, clock, settings })();
    const orders = { open: 1, protecting: 2 };
    expect([region, positions]).toMatchObject([{ value: { orders } }, { value: { orders } }]);
  });
});
