import { describe, expect, it } from "vitest";
import { restsOnFreshData } from "../../../simulation/invariants/rests-on-fresh-data.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { settings } from "../../use-cases/trading-account.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { by, createStage, judge, withClaims, wrote } from "./stage.ts";

const { maxQuoteAgeMs } = settings.limits;
const MINUTE_MS = 60_000;

/** Whether claiming this intent is held against prices and flow of these ages. */
const verdicts = (quoteAgeMs: number, flowAgeMs: number, intent = intentOf()): number => {
  const stage = createStage();
  stage.shown = { quoteMs: NOW_MS - quoteAgeMs, flowMs: NOW_MS - flowAgeMs };
  const claimed = wrote(cellOf(), withClaims(cellOf(), claimOf(intent)), by("execute-orders"));
  return judge(restsOnFreshData, stage, [claimed]).length;
};

describe("what an entry rests on is fresh", () => {
  it("holds for prices and flow as old as they may be", () => {
    expect(verdicts(0, 0)).toBe(0);
    expect(verdicts(maxQuoteAgeMs, 60 * MINUTE_MS)).toBe(0);
  });

  it("is broken by a price, or by flow, that is older", () => {
    expect(verdicts(maxQuoteAgeMs + 10_000, 0)).toBe(1);
    expect(verdicts(0, 90 * MINUTE_MS)).toBe(1);
    expect(verdicts(Infinity, 0)).toBe(1);
  });

  it("and stops no exit", () => {
    expect(verdicts(Infinity, Infinity, intentOf({ purpose: "exit", side: "sell" }))).toBe(0);
  });
});
