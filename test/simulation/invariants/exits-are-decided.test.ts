import { describe, expect, it } from "vitest";
import { createExitsAreDecided } from "../../../simulation/invariants/exits-are-decided.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { flattenTrading } from "../../../shared/domain/risk/trading-state.ts";
import { claimOf } from "../../fixtures/claims.ts";
import {
  cellOf,
  DATE,
  holding,
  IBM,
  intentOf,
  must,
  NOW_MS,
  REGION,
} from "../../fixtures/orders.ts";
import { createStage, judge, place, quoteAt, type Told, withClaims, wrote } from "./stage.ts";

const MINUTE_MS = 60_000;
/** Held until nobody asks any more whether it is protected: its bracket stands. */
const bracket = claimOf(intentOf(), { stage: "protecting", filled: shares(2), liveLegIds: ["1"] });
const kept = withClaims(cellOf(holding(2)), bracket);
const asked = { reason: "So.", by: "ann", suspendAtBroker: false, atMs: NOW_MS };
const flattening = flattenTrading(kept, asked);

const sold = intentOf({ side: "sell", purpose: "exit" });
const sentAt = (minute: number): Told => ({
  type: "messageSent",
  region: REGION,
  queue: "exits.fifo",
  messageId: `exit-${minute}`,
  body: JSON.stringify(sold),
  group: "main",
  atMs: NOW_MS + minute * MINUTE_MS + 1_500,
});

type Cycle = {
  readonly bid?: number;
  /** So long the message waits until a function gets it. */
  readonly waitsMs?: number;
  readonly between?: readonly Told[];
};

/** The market data of a cycle, in units of a price, from its sending to its end. */
const quotesOf = (
  minute: number,
  { bid = 999_900, waitsMs = 0, between = [] }: Cycle,
): readonly Told[] => {
  const atMs = NOW_MS + minute * MINUTE_MS + 1_000;
  const message = {
    region: REGION,
    queue: "market-data",
    messageId: `quotes-${minute}`,
    body: JSON.stringify({
      slotMs: NOW_MS + minute * MINUTE_MS,
      sessionDate: DATE,
      shard: 0,
      symbols: "IBM",
      quotes: { bid: [bid], ask: [bid + 200] },
    }),
  } as const;
  return [
    { type: "messageSent", ...message, group: undefined, atMs },
    { type: "messageDelivered", ...message, receiveCount: 1, atMs: atMs + waitsMs },
    ...between,
    { type: "messageRemoved", ...message, atMs: atMs + waitsMs + 900 },
  ];
};

const slotAt = (minute: number): Told => ({
  type: "slotStarted",
  region: REGION,
  schedule: "trading-cycle",
  atMs: NOW_MS + minute * MINUTE_MS,
});

/** What is said where 2 IBM are held under a cell, at the broker as well, and this happens. */
const verdicts = (cell: ControlCell, ...told: readonly Told[]): readonly string[] => {
  const stage = createStage();
  place(stage, intentOf());
  quoteAt(stage.exchange, "99.99", "100.01", NOW_MS);
  expect(stage.exchange.getPosition(IBM)?.quantity).toBe(shares(2));
  const first = wrote(cellOf(), cell, undefined, NOW_MS - MINUTE_MS);
  return judge(createExitsAreDecided(), stage, [first, ...told]).map(({ detail }) => detail);
};

/** The market data of a minute's cycle and of the next one. */
const both = (minute: number): readonly Told[] => [
  ...quotesOf(minute, {}),
  ...quotesOf(minute + 1, {}),
];

/** Cycles that each send an exit. */
const trying = (minutes: number): readonly Told[] =>
  Array.from({ length: minutes }, (_, minute) => [slotAt(minute), sentAt(minute)]).flat();

describe("exits are decided", () => {
  it("is broken where the market data of two cycles passes over what is to be left", () => {
    expect(verdicts(flattening, ...quotesOf(1, {}))).toEqual([]);
    expect(verdicts(flattening, ...quotesOf(1, {}), ...quotesOf(2, {}))).toHaveLength(1);
  });

  it("is broken as well where that market data is of old", () => {
    const late = { waitsMs: 4 * MINUTE_MS };
    expect(verdicts(flattening, ...quotesOf(1, late), ...quotesOf(2, late))).toHaveLength(1);
  });

  it("holds where each of them brings an exit, or one is claimed", () => {
    const sent = [1, 2, 3].flatMap((minute) => quotesOf(minute, { between: [sentAt(minute)] }));
    expect(verdicts(flattening, ...sent)).toEqual([]);
    const leaving = withClaims(flattening, claimOf(sold));
    expect(verdicts(leaving, ...quotesOf(1, {}), ...quotesOf(2, {}))).toEqual([]);
  });

  it("holds while there is no reason to leave, and while trading is halted", () => {
    expect(verdicts(kept, ...quotesOf(1, {}), ...quotesOf(2, {}))).toEqual([]);
    const halted = { ...flattening.tradingState, mode: "halted" } as const;
    const cell = { ...flattening, tradingState: halted };
    expect(verdicts(cell, ...quotesOf(1, {}), ...quotesOf(2, {}))).toEqual([]);
  });

  it("is broken behind the stop, and not where only the second price is", () => {
    const [held, crossed] = [{ bid: 999_900 }, { bid: 970_000 }];
    expect(verdicts(kept, ...quotesOf(1, crossed), ...quotesOf(2, crossed))).toHaveLength(1);
    expect(verdicts(kept, ...quotesOf(1, held), ...quotesOf(2, crossed))).toEqual([]);
  });

  it("is broken by what is held too long, near the close, or without anything around it", () => {
    // The longest time is four hours, the close at 16:00, and it is 10:00.
    expect(verdicts(kept, ...both(3 * 60))).toEqual([]);
    expect(verdicts(kept, ...both(4 * 60 + 1))).toHaveLength(1);
    const late = wrote(cellOf(), { ...kept, version: 9 }, undefined, NOW_MS + 5 * 60 * MINUTE_MS);
    const flat = wrote(kept, cellOf({ version: 8 }), undefined, NOW_MS);
    expect(verdicts(kept, flat, late, ...both(5 * 60 + 48))).toEqual([]);
    expect(verdicts(kept, flat, late, ...both(5 * 60 + 51))).toHaveLength(1);
    expect(verdicts(cellOf(holding(2)), ...both(1))).toHaveLength(1);
  });

  it("is broken by two cycles without any market data, and not where they fail", () => {
    const slots = [1, 2, 3].map(slotAt);
    expect(verdicts(flattening, ...slots)).toHaveLength(1);
    const where = `${REGION} score-signals ledger.get`;
    const fault = { number: 1, atMs: NOW_MS, kind: "throttle", where } as const;
    const failed = slots.map((slot): readonly Told[] => [
      slot,
      { type: "faultStruck", fault, atMs: must(slot.atMs) + 1_000 },
    ]);
    expect(verdicts(flattening, ...failed.flat())).toEqual([]);
  });

  it("is broken by what is held on and on although exits are sent", () => {
    expect(verdicts(flattening, ...trying(6))).toEqual([]);
    expect(verdicts(flattening, ...trying(7))).toHaveLength(1);
  });

  it("holds for what the broker has otherwise than the ledger", () => {
    const cell = { ...flattening, ...holding(3) };
    expect(verdicts(cell, ...quotesOf(1, {}), ...quotesOf(2, {}))).toEqual([]);
  });
});
