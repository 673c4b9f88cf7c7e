import { describe, expect, it } from "vitest";
import { cleanIsTrue } from "../../../simulation/invariants/clean-is-true.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import {
  finishFlattening,
  flattenTrading,
  reduceTrading,
} from "../../../shared/domain/risk/trading-state.ts";
import { cellOf, holding, IBM, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import {
  by,
  createStage,
  judge,
  place,
  quoteAt,
  type Stage,
  type Told,
  withClaims,
  wrote,
} from "./stage.ts";

const entry = intentOf();

const reconciles = by("reconcile-orders");

const change = { reason: "A test.", by: "ann", atMs: NOW_MS };

const unverified = cellOf({ reconciliation: { state: "unverified", cleanAtMs: null } });
const starts: Told = {
  type: "functionStarted",
  actor: reconciles,
  isColdStart: false,
  atMs: NOW_MS + 60_000,
};
const saysClean = (stage: Stage, change: Partial<ControlCell>): number => {
  const after = cellOf({ version: 2, ...change });
  return judge(cleanIsTrue, stage, [starts, wrote(unverified, after, reconciles)]).length;
};

describe("clean is true", () => {
  it("where ledger and broker hold the same, and each order has its claim", () => {
    expect(saysClean(createStage(), {})).toBe(0);
    const stage = createStage();
    place(stage, entry);
    const { inFlight } = withClaims(cellOf(), claimOf(entry));
    expect(saysClean(stage, { inFlight })).toBe(0);
  });

  it("and is broken by shares that one of them has alone, and by an order without a claim", () => {
    expect(saysClean(createStage(), holding(2))).toBe(1);
    const stage = createStage();
    place(stage, intentOf({ limit: "99.50" }));
    expect(saysClean(stage, {})).toBe(1);
  });

  it("and is broken by a difference that is none", () => {
    const reason = `${IBM}: ledger 2, broker 0.`;
    const after = reduceTrading(cellOf(), { ...change, reason });
    const told = [starts, wrote(cellOf(), after, reconciles)];
    expect(judge(cleanIsTrue, createStage(), told)).toEqual([]);
    const stage = createStage();
    place(stage, entry);
    quoteAt(stage.exchange, "99.99", "100.01", NOW_MS + 1_000);
    expect(judge(cleanIsTrue, stage, told)).toHaveLength(1);
  });

  it("and flat is: nothing is held and nothing works when trading halts for it", () => {
    const closing = flattenTrading(cellOf(), { ...change, suspendAtBroker: false });
    const flat = wrote(closing, finishFlattening(closing, NOW_MS), reconciles, NOW_MS + 60_000);
    expect(judge(cleanIsTrue, createStage(), [starts, flat])).toHaveLength(0);
    const stage = createStage();
    place(stage, entry);
    expect(judge(cleanIsTrue, stage, [starts, flat]).map(({ detail }) => detail)).toEqual([
      "Trading halted as flat, and something of IBM is left.",
    ]);
  });
});
