import { describe, expect, it } from "vitest";
import { exitsOnlyReduce } from "../../../simulation/invariants/exits-only-reduce.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { cellOf, holding, IBM, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import {
  arrived,
  by,
  createStage,
  judge,
  place,
  quoteAt,
  type Stage,
  withClaims,
  wrote,
} from "./stage.ts";

const entry = intentOf();

const exit = intentOf({ side: "sell", purpose: "exit" });
const held = (): Stage => {
  const stage = createStage();
  place(stage, entry);
  quoteAt(stage.exchange, "99.99", "100.01", NOW_MS + 1_000);
  expect(stage.exchange.getPosition(IBM)?.quantity).toBe(shares(2));
  return stage;
};

const claims = (before: ControlCell, count: number): number => {
  const intent = intentOf({ side: "sell", purpose: "exit", count, minute: 5 });
  const after = withClaims(before, ...Object.values(before.inFlight), claimOf(intent));
  return judge(exitsOnlyReduce, createStage(), [wrote(before, after, by("execute-orders"))]).length;
};

describe("exits only reduce", () => {
  it("is broken by an exit that is sent while a bracket holds the shares", () => {
    expect(judge(exitsOnlyReduce, held(), [arrived(exit, 3)])).toHaveLength(1);
  });

  it("holds for an exit of what is held, once the bracket is gone", () => {
    const stage = held();
    stage.exchange.cancelAllOrders(NOW_MS + 2_000);
    stage.exchange.advance(NOW_MS + 9_000);
    expect(judge(exitsOnlyReduce, stage, [arrived(exit, 3)])).toEqual([]);
    place(stage, exit, NOW_MS + 9_000);
    quoteAt(stage.exchange, "99.99", "100.01", NOW_MS + 10_000);
    const fill = stage.exchange.listFills().at(-1);
    if (fill === undefined) throw new Error("The exit has filled.");
    expect(judge(exitsOnlyReduce, stage, [{ type: "brokerFill", fill }])).toEqual([]);
  });

  it("holds for an exit of shares beside those that the bracket of a later entry holds", () => {
    const stage = held();
    stage.exchange.cancelAllOrders(NOW_MS + 2_000);
    stage.exchange.advance(NOW_MS + 9_000);
    place(stage, intentOf({ minute: 1 }), NOW_MS + 60_000);
    quoteAt(stage.exchange, "99.99", "100.01", NOW_MS + 61_000);
    expect(stage.exchange.getPosition(IBM)?.quantity).toBe(shares(4));
    expect(judge(exitsOnlyReduce, stage, [arrived(exit, 61)])).toEqual([]);
    const all = intentOf({ side: "sell", purpose: "exit", count: 3 });
    expect(judge(exitsOnlyReduce, stage, [arrived(all, 61)])).toHaveLength(1);
  });

  it("is broken by an exit that leaves a position on its own side", () => {
    const stage = createStage();
    place(stage, exit);
    quoteAt(stage.exchange, "99.99", "100.01", NOW_MS + 1_000);
    const fill = stage.exchange.listFills().at(-1);
    if (fill === undefined) throw new Error("Selling short is allowed here.");
    expect(judge(exitsOnlyReduce, stage, [{ type: "brokerFill", fill }])).toHaveLength(1);
  });

  it("is broken by an exit that is claimed for more than the books have left to close", () => {
    const books = cellOf(holding(4));
    expect(claims(books, 4)).toBe(0);
    expect(claims(books, 5)).toBe(1);
    const closing = withClaims(books, claimOf(exit));
    expect(claims(closing, 2)).toBe(0);
    expect(claims(closing, 3)).toBe(1);
    const restored = { ...cellOf().reconciliation, restoredAsOfMs: NOW_MS };
    expect(claims(cellOf({ reconciliation: restored }), 5)).toBe(0);
  });
});
