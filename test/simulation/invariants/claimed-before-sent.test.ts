import { describe, expect, it } from "vitest";
import { claimedBeforeSent } from "../../../simulation/invariants/claimed-before-sent.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { cellOf, intentOf, NOW_MS, REGION } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { arrived, by, createStage, judge, type Told, withClaims, wrote } from "./stage.ts";

const entry = intentOf();

/** Executing claims version 2 over version 1. */
const claimed = wrote(cellOf(), withClaims(cellOf(), claimOf(entry)), by("execute-orders"));

/** What is said of an order that was claimed, where another one was decided and recorded. */
const sent = (decided: typeof entry): number => {
  const stage = createStage();
  stage.histories.set(entry.clientOrderId, [
    { type: "intentRecorded", atMs: NOW_MS, intent: decided, recordedBy: "d" },
  ]);
  return judge(claimedBeforeSent, stage, [claimed, arrived(entry, 1)]).length;
};

const verdicts = (...told: readonly Told[]): number =>
  judge(claimedBeforeSent, createStage(), told).length;

describe("claimed before sent", () => {
  it("holds for what was claimed by the same invocation and is sent once", () => {
    expect(verdicts(claimed, arrived(entry, 1))).toBe(0);
  });

  it("is broken without a claim, under another version, invocation or quantity, and twice", () => {
    expect(verdicts(arrived(entry, 1))).toBe(1);
    expect(verdicts(claimed, arrived(entry, 2))).toBe(1);
    expect(verdicts(claimed, arrived(entry, 1, by("execute-orders", REGION, 9)))).toBe(1);
    expect(verdicts(claimed, arrived({ ...entry, quantity: shares(3) }, 1))).toBe(1);
    expect(verdicts(claimed, arrived(entry, 1), arrived(entry, 1))).toBe(1);
  });

  it("is broken by another price, bracket or quantity than was decided", () => {
    expect(sent(entry)).toBe(0);
    expect(sent(intentOf({ limit: "100.09" }))).toBe(1);
    expect(sent({ ...entry, pricing: { type: "market" } })).toBe(1);
    expect(sent({ ...entry, protection: null })).toBe(1);
    expect(sent(intentOf({ count: 3 }))).toBe(1);
  });

  it("is broken by an entry without a bracket, whatever was decided", () => {
    const bare = { ...entry, protection: null };
    const stage = createStage();
    stage.histories.set(entry.clientOrderId, [
      { type: "intentRecorded", atMs: NOW_MS, intent: bare, recordedBy: "d" },
    ]);
    expect(judge(claimedBeforeSent, stage, [claimed, arrived(bare, 1)])).toHaveLength(1);
  });
});
