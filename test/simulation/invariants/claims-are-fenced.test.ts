import { describe, expect, it } from "vitest";
import { claimsAreFenced } from "../../../simulation/invariants/claims-are-fenced.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { haltTrading, reduceTrading } from "../../../shared/domain/risk/trading-state.ts";
import { takeOver } from "../../../shared/domain/risk/change-cell.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { by, createStage, judge, OTHER, type Told, withClaims, wrote } from "./stage.ts";

const entry = intentOf();

const exit = intentOf({ side: "sell", purpose: "exit" });

const executes = by("execute-orders");

const reconciles = by("reconcile-orders");

const change = { reason: "A test.", by: "ann", atMs: NOW_MS };

const recorded: OrderEvent = {
  type: "intentRecorded",
  atMs: NOW_MS,
  intent: entry,
  recordedBy: "delivery-1",
};

const verdicts = (...told: readonly Told[]): number =>
  judge(claimsAreFenced, createStage(), told).length;
const claims = (before: ControlCell, intent = entry, actor = executes): Told =>
  wrote(before, withClaims(before, claimOf(intent, { epoch: before.epoch })), actor);

describe("claims are fenced", () => {
  it("hold in the active Region: entries while active, exits while reducing too", () => {
    expect(verdicts(claims(cellOf()))).toBe(0);
    expect(verdicts(claims(reduceTrading(cellOf(), change), exit))).toBe(0);
    expect(verdicts(wrote(cellOf(), takeOver(cellOf(), OTHER, NOW_MS), undefined))).toBe(0);
  });

  it("are broken by a claim while halted, reducing, not reconciled, or in another Region", () => {
    expect(verdicts(claims(haltTrading(cellOf(), change), exit))).toBe(1);
    expect(verdicts(claims(reduceTrading(cellOf(), change)))).toBe(1);
    const unverified = cellOf({ reconciliation: { state: "unverified", cleanAtMs: null } });
    expect(verdicts(claims(unverified))).toBe(1);
    expect(verdicts(claims(cellOf(), entry, by("execute-orders", OTHER)))).toBeGreaterThan(0);
  });

  it("are broken by a claim of another epoch, beside an unknown order, or made again", () => {
    const before = cellOf();
    const old = withClaims(before, claimOf(entry, { epoch: 7 }));
    expect(verdicts(wrote(before, old, executes))).toBe(1);
    const other = claimOf(intentOf({ minute: 1 }), { stage: "unknown" });
    const beside = withClaims(before, other);
    expect(verdicts(wrote(beside, withClaims(beside, other, claimOf(entry)), executes))).toBe(1);
    const again = withClaims(before, claimOf(entry));
    const twice = withClaims(again, claimOf(entry, { claimId: "claim-2" }));
    expect(verdicts(wrote(again, twice, executes))).toBe(1);
  });

  it("are broken by a claim of an order that its own history tells the end of", () => {
    const judged = (...events: readonly OrderEvent[]): number => {
      const stage = createStage();
      stage.histories.set(entry.clientOrderId, [recorded, ...events]);
      return judge(claimsAreFenced, stage, [claims(cellOf())]).length;
    };
    const claimed: OrderEvent = {
      type: "claimed",
      atMs: NOW_MS,
      epoch: 1,
      claimId: "claim-0",
      submitByMs: NOW_MS + 10_000,
      quantity: entry.quantity,
    };
    expect(judged()).toBe(0);
    expect(judged(claimed, { type: "notSent", atMs: NOW_MS, cause: "429" })).toBe(0);
    expect(judged(claimed, { type: "rejected", atMs: NOW_MS, reason: "403: no" })).toBe(1);
  });

  it("are broken by writes that overtake each other, and takeovers that trade at once", () => {
    expect(verdicts(wrote(cellOf(), cellOf({ version: 3 }), executes))).toBe(1);
    expect(verdicts(wrote(cellOf(), cellOf({ version: 2, epoch: 2 }), executes))).toBe(1);
    expect(verdicts(wrote(cellOf(), cellOf({ version: 2, epoch: 0 }), executes))).toBe(1);
    const taken = takeOver(cellOf(), OTHER, NOW_MS);
    const { tradingState, reconciliation } = cellOf();
    expect(verdicts(wrote(cellOf(), { ...taken, tradingState }, undefined))).toBe(1);
    expect(verdicts(wrote(cellOf(), { ...taken, reconciliation }, undefined))).toBe(1);
    const same = { ...cellOf(), version: 2, activeRegion: OTHER };
    expect(verdicts(wrote(cellOf(), same, undefined))).toBe(1);
  });

  it("are broken by a Region that books into an account it does not hold", () => {
    const before = withClaims(cellOf(), claimOf(entry));
    const after = withClaims(before);
    expect(verdicts(wrote(before, after, by("reconcile-orders", OTHER)))).toBe(1);
    expect(verdicts(wrote(before, after, reconciles))).toBe(0);
  });

  it("are broken by a rebuilt cell that is not above what was there", () => {
    const opened = wrote(undefined, cellOf(), by("open-cycle"));
    const above = cellOf({ version: 2, epoch: 2 });
    expect(verdicts(opened, wrote("damaged", above, reconciles))).toBe(0);
    expect(verdicts(opened, wrote("damaged", cellOf({ version: 3 }), reconciles))).toBe(1);
    // Not rebuilt, but written by one who had read the cell before it was damaged.
    expect(verdicts(opened, wrote("damaged", cellOf({ version: 2 }), reconciles))).toBe(0);
  });
});
