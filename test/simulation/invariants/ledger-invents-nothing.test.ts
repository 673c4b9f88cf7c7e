import { describe, expect, it } from "vitest";
import { ledgerInventsNothing } from "../../../simulation/invariants/ledger-invents-nothing.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { cellOf, holding, intentOf, NOW_MS, price } from "../../fixtures/orders.ts";
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

const filledStage = (): { readonly stage: Stage; readonly told: Told } => {
  const stage = createStage();
  const placed = place(stage, entry);
  quoteAt(stage.exchange, "99.99", "100.01", NOW_MS + 1_000);
  const order = stage.exchange.getOrder(placed.id) ?? placed;
  expect(order.filledQuantity).toBe(shares(2));
  return { stage, told: { type: "brokerOrderChanged", before: undefined, order } };
};
const booked = (filled: number, held: number) => {
  const { stage, told } = filledStage();
  const before = withClaims(cellOf(), claimOf(entry, { stage: "working" }));
  const claim = claimOf(entry, { stage: "working", filled: shares(filled) });
  const after = { ...withClaims(before, claim), ...holding(held) };
  const claimed = wrote(undefined, before, undefined);
  const booking = wrote(before, after, reconciles);
  return judge(ledgerInventsNothing, stage, [claimed, told, booking]).length;
};

describe("the ledger invents nothing", () => {
  it("books what the broker filled, in parts too, or takes its position over", () => {
    expect(booked(2, 2)).toBe(0);
    expect(booked(1, 1)).toBe(0);
  });

  it("is broken by more than that, and by holdings that no fill explains", () => {
    expect(booked(4, 4)).toBe(1);
    expect(booked(1, 3)).toBe(1);
  });

  it("is broken by a history that tells of a fill that never was", () => {
    const told: Told = {
      type: "eventsAppended",
      actor: reconciles,
      clientOrderId: entry.clientOrderId,
      sequence: 1,
      events: [
        {
          type: "fillObserved",
          atMs: NOW_MS,
          brokerOrderId: "b",
          cumulativeFilled: shares(2),
          averagePrice: price("100.00"),
        },
      ],
    };
    expect(judge(ledgerInventsNothing, createStage(), [told])).toHaveLength(1);
    const { stage, told: order } = filledStage();
    expect(judge(ledgerInventsNothing, stage, [order, told])).toEqual([]);
  });

  it("is broken by a rebuilt cell that forgets what is held", () => {
    const { stage } = filledStage();
    const starts: Told = {
      type: "functionStarted",
      actor: reconciles,
      isColdStart: false,
      atMs: NOW_MS + 5_000,
    };
    const rebuilt = (cell: Partial<ControlCell>): number => {
      const after = cellOf({ version: 9, epoch: 9, ...cell });
      return judge(ledgerInventsNothing, stage, [starts, wrote("damaged", after, reconciles)])
        .length;
    };
    expect(rebuilt(holding(2))).toBe(0);
    expect(rebuilt({})).toBe(1);
  });
});
