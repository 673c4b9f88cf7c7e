import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { usd } from "../../../shared/domain/market/money.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { BrokerPosition } from "../../../shared/domain/orders/broker-state.ts";
import type {
  BrokerObservation,
  Lookup,
} from "../../../shared/domain/reconciliation/broker-observation.ts";
import {
  reconcileAccount as reconcileWith,
  type ReconciledAccount,
} from "../../../shared/domain/reconciliation/reconcile-account.ts";
import { QUIET_WINDOW_MS } from "../../../shared/domain/reconciliation/settle-claims.ts";
import type { Claim, ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { positionOf, reportOf, seenOf } from "../../fixtures/broker-view.ts";
import { claimOf, inFlightOf } from "../../fixtures/claims.ts";
import { cellOf, holding, IBM, intentOf, NOW_MS, price } from "../../fixtures/orders.ts";

const reconcileAccount = (cell: ControlCell, seen: BrokerObservation): ReconciledAccount =>
  reconcileWith(cell, seen, { adopt: false });

const ID = intentOf().clientOrderId;

const withClaim = (change: Partial<Claim> = {}, cell: Partial<ControlCell> = {}): ControlCell =>
  cellOf({ ...inFlightOf(claimOf(intentOf(), change)), ...cell });

const filledOrder = reportOf({
  status: "filled",
  statusText: "filled",
  filled: shares(2),
  averagePrice: price("100.05"),
});

const position = (count: number, averagePrice = "100.00"): BrokerPosition =>
  positionOf(shares(count), price(averagePrice));

/** What the broker says when it was asked for the one order. */
const seenWith = (lookup: Lookup, change: Parameters<typeof seenOf>[0] = {}): BrokerObservation =>
  seenOf({ ...change, lookups: { [ID]: lookup } });

describe("reconciliation", () => {
  it("takes a fill that nobody told us of, and repeating it changes nothing", () => {
    const positions = [position(2, "100.05")];
    const account = { ...seenOf().account, cash: usd(99_799.9) };
    const first = reconcileAccount(withClaim(), seenWith(filledOrder, { positions, account }));
    expect(first.differences).toEqual([]);
    expect(first.cell.holdings[IBM]).toMatchObject({ quantity: shares(2) });
    expect(first.cell.inFlight).toEqual({});
    const again = reconcileAccount(first.cell, seenOf({ positions, account }));
    expect(again.cell.holdings).toEqual(first.cell.holdings);
    expect(again.differences).toEqual([]);
  });

  it("keeps a lost order's reservation until the broker denied it over the quiet window", () => {
    const unknown = withClaim({ stage: "unknown" });
    const lookup = "notFound";
    const early = reconcileAccount(unknown, seenWith(lookup, { atMs: NOW_MS + 5_000 }));
    expect(early.cell.inFlight[ID]?.absentSinceMs).toBeNull();
    const atMs = NOW_MS + 20_000;
    const first = reconcileAccount(early.cell, seenWith(lookup, { atMs }));
    expect(first.cell.inFlight[ID]?.absentSinceMs).toBe(atMs);
    const soon = seenWith(lookup, { atMs: atMs + QUIET_WINDOW_MS - 1 });
    const second = reconcileAccount(first.cell, soon);
    expect(second.absent).toEqual([]);
    const later = seenWith(lookup, { atMs: atMs + QUIET_WINDOW_MS });
    const third = reconcileAccount(second.cell, later);
    expect(third.absent.map((gone) => gone.clientOrderId)).toEqual([ID]);
    expect(third.cell.inFlight).toEqual({});
  });

  it("starts the quiet window again when the order shows up in between", () => {
    const absent = withClaim({ stage: "unknown", absentSinceMs: NOW_MS + 20_000 });
    const shown = reconcileAccount(absent, seenWith(reportOf()));
    expect(shown.cell.inFlight[ID]).toMatchObject({ stage: "working", absentSinceMs: null });
  });

  it("forgets no order and opens no entry while the broker's answers fail", () => {
    const before = withClaim({ stage: "unknown" });
    const result = reconcileAccount(before, seenWith("unreadable"));
    expect(result.cell.inFlight).toEqual(before.inFlight);
    expect(result.cell.reconciliation.state).toBe("unverified");
  });

  it("never believes that an order which the broker had is gone", () => {
    const working = withClaim({ stage: "working" });
    const atMs = NOW_MS + 10 * QUIET_WINDOW_MS;
    const result = reconcileAccount(working, seenWith("notFound", { atMs }));
    expect(result.differences.map((difference) => difference.type)).toEqual(["lostOrder"]);
    expect(result.cell.inFlight[ID]).toBeDefined();
  });

  it("accepts any position between none and all of the orders in flight, and no other", () => {
    fc.assert(
      fc.property(fc.integer({ min: -6, max: 6 }), fc.integer({ min: 0, max: 3 }), (at, held) => {
        const start = held > 0 ? holding(held) : {};
        const positions = at === 0 ? [] : [position(at)];
        const seen = seenWith(reportOf(), { openOrders: [reportOf()], positions });
        const result = reconcileAccount(withClaim({ stage: "working" }, start), seen);
        const isExplained = at >= held && at <= held + 2;
        expect(result.differences.length === 0).toBe(isExplained);
        expect(result.cell.reconciliation.state === "clean").toBe(isExplained);
        expect(result.cell.holdings[IBM]?.quantity ?? 0).toBe(shares(held));
      }),
    );
  });

  it("takes over what a new account holds, and never invents a fill at a restart", () => {
    const fresh = cellOf({ reconciliation: { state: "never", cleanAtMs: null } });
    const seen = seenOf({ positions: [position(7)] });
    let cell = reconcileAccount(fresh, seen).cell;
    const holdings = cell.holdings;
    for (let restarts = 0; restarts < 5; restarts++) {
      cell = reconcileAccount(
        { ...cell, reconciliation: { state: "unverified", cleanAtMs: 1 } },
        seen,
      ).cell;
      expect(cell.holdings).toEqual(holdings);
      expect(cell.reconciliation.state).toBe("clean");
    }
  });

  it("finds our orders without a claim, and tells them from other people's", () => {
    const foreign = reportOf({ clientOrderId: "by-hand", brokerOrderId: "b2" });
    const result = reconcileAccount(cellOf(), seenOf({ openOrders: [reportOf(), foreign] }));
    expect(result.orphans).toEqual([{ clientOrderId: ID, brokerOrderId: "b1" }]);
    expect(result.differences.map((difference) => difference.type)).toEqual([
      "orphanOrder",
      "externalOrder",
    ]);
  });

  it("leaves the orders of another account of ours at the same broker alone", () => {
    const clientOrderId = ID.replace("_main_", "_other_");
    const seen = seenOf({ openOrders: [reportOf({ clientOrderId })] });
    const result = reconcileAccount(cellOf(), seen);
    expect(result.orphans).toEqual([]);
    expect(result.differences.map(({ type }) => type)).toEqual(["externalOrder"]);
  });

  it("does not call an order an orphan that filled while the lists were read", () => {
    const seen = seenWith(filledOrder, { openOrders: [reportOf()], positions: [position(2)] });
    expect(reconcileAccount(withClaim(), seen).orphans).toEqual([]);
  });

  it("stops entries on a status that nobody has documented, and on a blocked account", () => {
    const odd = reportOf({ status: "unlisted", statusText: "pending_audit" });
    const result = reconcileAccount(withClaim(), seenWith(odd));
    expect(result.differences.map((difference) => difference.type)).toEqual(["unlistedStatus"]);
    const account = { ...seenOf().account, isBlocked: true };
    const blocked = reconcileAccount(cellOf(), seenOf({ account }));
    expect(blocked.cell.reconciliation.state).toBe("unverified");
  });
});
