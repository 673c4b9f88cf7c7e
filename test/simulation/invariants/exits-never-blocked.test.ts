import { describe, expect, it } from "vitest";
import { exitsNeverBlocked } from "../../../simulation/invariants/exits-never-blocked.ts";
import type { DenialReason } from "../../../shared/domain/risk/denial.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { by, createStage, judge, wrote } from "./stage.ts";

const entry = intentOf();

const exit = intentOf({ side: "sell", purpose: "exit" });

const executes = by("execute-orders");

const denied = (intent: typeof entry, reason: DenialReason): number => {
  const stage = createStage();
  stage.histories.set(intent.clientOrderId, [
    { type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "d" },
  ]);
  const events = [{ type: "denied", atMs: NOW_MS, denials: [{ reason, detail: "" }] }] as const;
  const { clientOrderId } = intent;
  return judge(exitsNeverBlocked, stage, [
    wrote(undefined, cellOf(), by("open-cycle")),
    { type: "functionStarted", actor: executes, isColdStart: false, atMs: NOW_MS + 1 },
    { type: "eventsAppended", actor: executes, clientOrderId, sequence: 1, events },
  ]).length;
};

const closing = (mode: "reducing" | "halted"): number => {
  const tradingState = { ...cellOf().tradingState, mode, isFlattening: true };
  const after = cellOf({ version: 2, tradingState });
  return judge(exitsNeverBlocked, createStage(), [wrote(cellOf(), after, undefined)]).length;
};

describe("nothing that stops entries stops an exit", () => {
  it("lets entries be refused for anything, and exits for what they do or cannot", () => {
    expect(denied(entry, "cooldown")).toBe(0);
    expect(denied(exit, "notReducing")).toBe(0);
  });

  it("is broken by an exit that is refused for an entry's reasons, or a halt that is none", () => {
    expect(denied(exit, "cooldown")).toBe(1);
    expect(denied(exit, "tradingReducing")).toBe(1);
    expect(denied(exit, "tradingHalted")).toBe(1);
  });

  it("is broken by a wish to close everything under which no exit is allowed", () => {
    expect(closing("reducing")).toBe(0);
    expect(closing("halted")).toBe(1);
  });
});
