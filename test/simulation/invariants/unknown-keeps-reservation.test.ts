import { describe, expect, it } from "vitest";
import { unknownKeepsReservation } from "../../../simulation/invariants/unknown-keeps-reservation.ts";
import { shares, ZERO_SHARES } from "../../../shared/domain/market/quantity.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import type { Claim, ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { cellOf, intentOf, NOW_MS, REGION } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import {
  arrived,
  by,
  createStage,
  judge,
  place,
  type Stage,
  type Told,
  withClaims,
  wrote,
} from "./stage.ts";

const entry = intentOf();

const executes = by("execute-orders");

const reconciles = by("reconcile-orders");

const unknown = claimOf(entry, { stage: "unknown" });
const gone = (stage: Stage, claim = unknown, actor = reconciles, told: readonly Told[] = []) => {
  const before = withClaims(cellOf(), claim);
  const atMs = NOW_MS + 120_000;
  return judge(unknownKeepsReservation, stage, [
    ...told,
    wrote(before, withClaims(before), actor, atMs),
  ]).length;
};
const isNew = (stage: Stage): Told => ({
  type: "brokerOrderChanged",
  before: undefined,
  order: place(stage, intentOf({ limit: "99.50" })),
});

const givenUp = (absentSinceMs: number, hiddenUntilMs: number): number => {
  const stage = createStage();
  const request: Told = { ...arrived(entry, 1), hiddenUntilMs };
  return gone(stage, { ...unknown, absentSinceMs }, reconciles, [request, isNew(stage)]);
};

const kept = (from: Parameters<typeof claimOf>[1], to: Parameters<typeof claimOf>[1]): number => {
  const before = withClaims(cellOf(), claimOf(entry, from));
  const after = withClaims(before, claimOf(entry, to));
  return judge(unknownKeepsReservation, createStage(), [wrote(before, after, reconciles)]).length;
};

describe("unknown keeps its reservation", () => {
  it("until the order is over, or was denied over the whole window", () => {
    const absent = { ...unknown, absentSinceMs: NOW_MS + 20_000 };
    expect(gone(createStage(), absent)).toBe(0);
    const stage = createStage();
    const order = { ...place(stage, entry), status: "canceled" as const };
    const told: Told = { type: "brokerOrderChanged", before: undefined, order };
    expect(gone(stage, unknown, reconciles, [told])).toBe(0);
  });

  it("and is broken without a denial, after too short a one, and while the order works", () => {
    expect(gone(createStage())).toBe(1);
    expect(gone(createStage(), { ...unknown, absentSinceMs: NOW_MS + 80_000 })).toBe(1);
    const stage = createStage();
    expect(gone(stage, unknown, reconciles, [isNew(stage)])).toBe(1);
  });

  it("unless the order came within the window, and was shown to nobody until its end", () => {
    expect(givenUp(NOW_MS, NOW_MS + 130_000)).toBe(0);
    expect(givenUp(NOW_MS, NOW_MS + 60_000)).toBe(1);
    expect(givenUp(NOW_MS + 20_000, NOW_MS + 130_000)).toBe(1);
  });

  it("unless the very function that claimed knows that nothing was sent", () => {
    const claimed = wrote(cellOf(), withClaims(cellOf(), unknown), executes);
    expect(gone(createStage(), unknown, executes, [claimed])).toBe(0);
    const answered = (outcome: "rejected" | "unknown"): Told => ({
      type: "brokerAnswered",
      actor: executes,
      clientOrderId: entry.clientOrderId,
      outcome,
    });
    expect(gone(createStage(), unknown, executes, [claimed, answered("rejected")])).toBe(0);
    expect(gone(createStage(), unknown, executes, [claimed, answered("unknown")])).toBe(1);
    const other = by("execute-orders", REGION, 2);
    expect(gone(createStage(), unknown, other, [claimed, answered("rejected")])).toBe(1);
  });

  it("and is broken by a claim that shrinks, forgets, goes back, or is released too early", () => {
    expect(kept({}, { stage: "unknown" })).toBe(0);
    expect(kept({}, { quantity: shares(1) })).toBe(1);
    expect(kept({ filled: shares(1) }, { filled: ZERO_SHARES })).toBe(1);
    expect(kept({ stage: "working" }, { stage: "unknown" })).toBe(1);
    expect(kept({}, { stage: "protecting" })).toBe(1);
    expect(kept({}, { stage: "working" })).toBe(1);
  });

  it("and is broken by a rebuilt cell without a claim for what works", () => {
    const stage = createStage();
    const before = withClaims(cellOf(), unknown);
    const told = [wrote(undefined, before, reconciles), isNew(stage)];
    const rebuilt = cellOf({ version: 9, epoch: 9 });
    const whole = { ...rebuilt, inFlight: before.inFlight };
    const judged = (cell: ControlCell): number =>
      judge(unknownKeepsReservation, stage, [...told, wrote("damaged", cell, reconciles)]).length;
    expect(judged(whole)).toBe(0);
    expect(judged(rebuilt)).toBe(1);
  });

  it("nor without one for what was claimed, unless its history knows the end", () => {
    const rebuilt = cellOf({ version: 9, epoch: 9 });
    const recorded: OrderEvent = {
      type: "intentRecorded",
      atMs: NOW_MS,
      intent: entry,
      recordedBy: "delivery-1",
    };
    const shed: OrderEvent = { type: "expired", atMs: NOW_MS, cause: "It was not sent." };
    const judged = (claim: Claim, ...events: readonly OrderEvent[]): number => {
      const stage = createStage();
      stage.histories.set(entry.clientOrderId, [...events]);
      const told = wrote(undefined, withClaims(cellOf(), claim), executes);
      return judge(unknownKeepsReservation, stage, [told, wrote("damaged", rebuilt, reconciles)])
        .length;
    };
    expect(judged(claimOf(entry), recorded)).toBe(1);
    expect(judged(claimOf(entry), recorded, shed)).toBe(0);
    expect(judged(claimOf(entry, { stage: "working" }), recorded)).toBe(0);
  });
});
