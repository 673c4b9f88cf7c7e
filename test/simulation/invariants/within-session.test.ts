import { describe, expect, it } from "vitest";
import { withinSession } from "../../../simulation/invariants/within-session.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { arrived, by, createStage, judge, withClaims, wrote } from "./stage.ts";

const entry = intentOf();

/** Executing claims version 2 over version 1. */
const claimed = wrote(cellOf(), withClaims(cellOf(), claimOf(entry)), by("execute-orders"));

const sentAt = (sentAtMs: number, intent = entry): number =>
  judge(withinSession, createStage(), [claimed, arrived(intent, 1, undefined, sentAtMs)]).length;

describe("within the session", () => {
  it("holds while an order is valid, up to the moment that its claim named", () => {
    expect(sentAt(NOW_MS)).toBe(0);
    expect(sentAt(NOW_MS + 10_000)).toBe(0);
  });

  it("is broken after the claim's moment, after validity, and outside the session", () => {
    expect(sentAt(NOW_MS + 10_001)).toBe(1);
    expect(sentAt(entry.validUntilMs + 6_000)).toBe(1);
    expect(sentAt(NOW_MS - 86_400_000)).toBe(1);
    expect(sentAt(NOW_MS + 12 * 3_600_000, { ...entry, validUntilMs: Infinity })).toBe(1);
  });
});
