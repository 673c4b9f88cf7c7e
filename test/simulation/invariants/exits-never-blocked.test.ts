import { describe, expect, it } from "vitest";
import { createExitsNeverBlocked } from "../../../simulation/invariants/exits-never-blocked.ts";
import type { DenialReason } from "../../../shared/domain/risk/denial.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { cellOf, holding, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { by, createStage, judge, type Told, withClaims, wrote } from "./stage.ts";

const entry = intentOf();

const exit = intentOf({ side: "sell", purpose: "exit" });

const executes = by("execute-orders");

const denied = (intent: typeof entry, reason: DenialReason, cell = cellOf()): number => {
  const stage = createStage();
  stage.histories.set(intent.clientOrderId, [
    { type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "d" },
  ]);
  const events = [{ type: "denied", atMs: NOW_MS, denials: [{ reason, detail: "" }] }] as const;
  const { clientOrderId } = intent;
  return judge(createExitsNeverBlocked(), stage, [
    wrote(undefined, cell, by("open-cycle")),
    { type: "functionStarted", actor: executes, isColdStart: false, atMs: NOW_MS + 1 },
    { type: "eventsAppended", actor: executes, clientOrderId, sequence: 1, events },
  ]).length;
};

const UNVERIFIED = { reconciliation: { state: "unverified", cleanAtMs: null } } as const;

const NO_ROOM = { ...cellOf().limits, maxInFlight: 0 };

const closing = (mode: "reducing" | "halted"): number => {
  const tradingState = { ...cellOf().tradingState, mode, isFlattening: true };
  const after = cellOf({ version: 2, tradingState });
  return judge(createExitsNeverBlocked(), createStage(), [wrote(cellOf(), after, undefined)])
    .length;
};

describe("nothing that stops entries stops an exit", () => {
  it("lets entries be refused for anything, and exits for what they do or cannot", () => {
    expect(denied(entry, "cooldown")).toBe(0);
    expect(denied(exit, "notReducing")).toBe(0);
    expect(denied(exit, "protectionWorking", cellOf(holding(2)))).toBe(0);
  });

  it("is broken by an exit that is refused for an entry's reasons, or a halt that is none", () => {
    expect(denied(exit, "cooldown")).toBe(1);
    expect(denied(exit, "tradingReducing")).toBe(1);
    expect(denied(exit, "tradingHalted")).toBe(1);
  });

  it("is broken by a reason that was not so in any cell that can have been read", () => {
    const held = cellOf(holding(2));
    const closing = withClaims(held, claimOf(exit));
    expect(denied(exit, "notReducing", held)).toBe(1);
    expect(denied(exit, "notReducing", { ...held, ...UNVERIFIED })).toBe(0);
    expect(denied(exit, "exitInFlight", held)).toBe(1);
    expect(denied(exit, "exitInFlight", closing)).toBe(0);
    expect(denied(exit, "entryWorking", held)).toBe(1);
    expect(denied(exit, "tooManyInFlight", held)).toBe(1);
    expect(denied(exit, "tooManyInFlight", { ...closing, limits: NO_ROOM })).toBe(0);
    expect(denied(exit, "outsideSession", held)).toBe(1);
    expect(denied(exit, "intentExpired", held)).toBe(1);
    expect(denied(exit, "wrongAccount", held)).toBe(1);
    expect(denied(exit, "quantityInvalid", held)).toBe(1);
    expect(denied(exit, "notActiveRegion", held)).toBe(1);
  });

  it("is broken by what the end of an order's second try says, too", () => {
    const stage = createStage();
    const { clientOrderId } = exit;
    stage.histories.set(clientOrderId, [
      { type: "intentRecorded", atMs: NOW_MS, intent: exit, recordedBy: "d" },
    ]);
    const events = [{ type: "expired", atMs: NOW_MS, cause: "Denied: cooldown" }] as const;
    const told = { type: "eventsAppended", actor: executes, clientOrderId, sequence: 1, events };
    expect(judge(createExitsNeverBlocked(), stage, [told as Told])).toHaveLength(1);
  });

  it("is broken by a wish to close everything under which no exit is allowed", () => {
    expect(closing("reducing")).toBe(0);
    expect(closing("halted")).toBe(1);
  });
});
