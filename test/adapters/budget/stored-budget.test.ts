import { describe, expect, it } from "vitest";
import { createStoredBudget } from "../../../shared/adapters/budget/stored-budget.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { ALPACA_BUDGET, type RequestLane } from "../../../shared/domain/budget/token-bucket.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";

const clock = { nowMs: () => 1_767_000_000_000, monotonicMs: () => 0 };

const down = () => Promise.reject(new RetryableError("The table does not answer."));

describe("a budget whose store does not answer", () => {
  it.each<[RequestLane, string]>([
    ["exit", "granted"],
    ["read", "granted"],
    ["entry", "exhausted"],
  ])("leaves a request for an %s %s", async (lane, type) => {
    const store = { ...createMemoryItemStore(), get: down, put: down };
    const budget = createStoredBudget({
      store,
      clock,
      account: "main",
      region: "us-east-2",
      policy: ALPACA_BUDGET,
    });
    expect((await budget.take(lane)).type).toBe(type);
    await budget.noteRefusal(undefined);
  });
});
