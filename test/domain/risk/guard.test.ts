import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { moneyToFloat, notional, usd } from "../../../shared/domain/market/money.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { takeOver } from "../../../shared/domain/risk/change-cell.ts";
import { claimOrder } from "../../../shared/domain/risk/claim-order.ts";
import { progressClaim } from "../../../shared/domain/risk/progress-claim.ts";
import type { ControlCell, TradingMode } from "../../../shared/domain/risk/control-cell.ts";
import type { DenialReason } from "../../../shared/domain/risk/denial.ts";
import { guardOrder } from "../../../shared/domain/risk/guard.ts";
import type { GuardInput } from "../../../shared/domain/risk/guard/guard-input.ts";
import { DEFAULT_LIMITS } from "../../../shared/domain/risk/limits.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import {
  cellOf,
  DATE,
  holding,
  IBM,
  intentOf,
  must,
  NOW_MS,
  price,
  quoteOf,
  REGION,
} from "../../fixtures/orders.ts";

const inputOf = (change: Partial<GuardInput> = {}): GuardInput => ({
  intent: intentOf(),
  cell: cellOf(),
  quote: quoteOf(),
  session: must(sessionOf(DATE)),
  region: REGION,
  nowMs: NOW_MS,
  ...change,
});

const reasonsFor = (change: Partial<GuardInput>): readonly DenialReason[] => {
  const decision = guardOrder(inputOf(change));
  return decision.ok ? [] : decision.error.map((denial) => denial.reason);
};

const state = (mode: TradingMode): Pick<ControlCell, "tradingState"> => ({
  tradingState: {
    mode,
    reason: "test",
    by: "test",
    atMs: NOW_MS,
    isFlattening: false,
    suspendAtBroker: false,
  },
});

/** The cell after an order was claimed in it. */
const claimedIn = (cell: ControlCell, intent: OrderIntent): ControlCell => {
  const decision = guardOrder(inputOf({ cell, intent }));
  if (!decision.ok) throw new Error(decision.error.map((denial) => denial.reason).join());
  const terms = { claimId: "c1", nowMs: NOW_MS, submitByMs: NOW_MS + 10_000 };
  const claimed = claimOrder(cell, decision.value, terms);
  if (!claimed.ok) throw new Error(claimed.error.type);
  return claimed.value;
};

describe("the guard", () => {
  it("lets a sound entry through", () => {
    expect(reasonsFor({})).toEqual([]);
  });

  it("never approves an entry that could take a limit, however much is held and working", () => {
    const scenario = fc.record({
      held: fc.integer({ min: 0, max: 8 }),
      working: fc.integer({ min: 0, max: 8 }),
      count: fc.integer({ min: 1, max: 30 }),
      equity: fc.integer({ min: 0, max: 5_000 }),
      buyingPower: fc.integer({ min: 0, max: 3_000 }),
      maxPosition: fc.integer({ min: 0, max: 3_000 }),
      maxOrder: fc.integer({ min: 0, max: 3_000 }),
    });
    fc.assert(
      fc.property(scenario, (given) => {
        const roomy = cellOf(given.held > 0 ? holding(given.held) : {}, { minCooldownMinutes: 0 });
        const before =
          given.working > 0
            ? claimedIn(
                { ...roomy, limits: { ...roomy.limits, maxPositionSize: usd(10_000) } },
                intentOf({ count: given.working, minute: 1 }),
              )
            : roomy;
        const limits = {
          ...roomy.limits,
          maxPositionSize: usd(given.maxPosition),
          maxNotionalPerOrder: usd(given.maxOrder),
        };
        const accountReading = {
          equity: usd(given.equity),
          cash: usd(given.equity),
          buyingPower: usd(given.buyingPower),
          observedAtMs: NOW_MS,
        };
        const cell = { ...before, limits, accountReading };
        const intent = intentOf({ count: given.count });
        if (!guardOrder(inputOf({ cell, intent })).ok) return;
        const at = price("100.10");
        const all = moneyToFloat(notional(at, shares(given.held + given.working + given.count)));
        const order = moneyToFloat(notional(at, shares(given.count)));
        const reserved = moneyToFloat(notional(at, shares(given.working + given.count)));
        expect(order).toBeLessThanOrEqual(given.maxOrder);
        expect(all).toBeLessThanOrEqual(given.maxPosition);
        expect(all).toBeLessThanOrEqual(given.equity * 0.15);
        expect(reserved).toBeLessThanOrEqual(given.buyingPower);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[DenialReason, Partial<GuardInput>]>([
    ["wrongAccount", { cell: cellOf({ account: "other" }) }],
    ["notActiveRegion", { region: "us-west-2" }],
    ["tradingHalted", { cell: cellOf(state("halted")) }],
    ["tradingReducing", { cell: cellOf(state("reducing")) }],
    ["notReconciled", { cell: cellOf({ reconciliation: { state: "unverified", cleanAtMs: 1 } }) }],
    ["outsideSession", { session: undefined }],
    [
      "intentExpired",
      { nowMs: NOW_MS + 60_000, quote: quoteOf("99.99", "100.01", NOW_MS + 59_000) },
    ],
    ["quantityInvalid", { intent: { ...intentOf(), quantity: shares(0) } }],
    ["priceMissing", { quote: undefined }],
    ["priceMissing", { intent: { ...intentOf(), pricing: { type: "market" } } }],
    ["quoteStale", { quote: quoteOf("99.99", "100.01", NOW_MS - 90_001) }],
    ["quoteStale", { nowMs: NOW_MS - 60_000, intent: { ...intentOf(), validUntilMs: NOW_MS } }],
    ["priceDeviation", { quote: quoteOf("94.99", "95.01") }],
    ["referenceMoved", { intent: { ...intentOf(), referencePrice: price("94.00") } }],
    ["notionalPerOrder", { cell: cellOf({}, { maxNotionalPerOrder: usd(200) }) }],
    ["positionSize", { intent: intentOf({ count: 5 }) }],
    ["directionFlip", { cell: cellOf(holding(-3)) }],
    ["shortSelling", { intent: intentOf({ side: "sell", limit: "99.90" }) }],
    ["dailyEntries", { cell: cellOf({}, { maxEntriesPerDay: 0 }) }],
    ["tooManyInFlight", { cell: cellOf({}, { maxInFlight: 0 }) }],
    ["accountUnknown", { cell: cellOf({ accountReading: null }) }],
    ["limitsInvalid", { cell: cellOf({}, { maxPriceDeviationPct: Number.NaN }) }],
  ])("denies an entry for %s", (reason, change) => {
    expect(reasonsFor(change)).toContain(reason);
  });

  it("denies what the account cannot carry, and says every reason at once", () => {
    const accountReading = {
      equity: usd(600),
      cash: usd(600),
      buyingPower: usd(100),
      observedAtMs: NOW_MS - 150_001,
    };
    const denied = reasonsFor({ cell: cellOf({ ...state("reducing"), accountReading }) });
    expect(denied).toEqual([
      "tradingReducing",
      "concentration",
      "accountStale",
      "portfolioExposure",
      "buyingPower",
    ]);
  });

  it("is closed on every missing or absurd number", () => {
    const { NaN: none, NEGATIVE_INFINITY: least, POSITIVE_INFINITY: most } = Number;
    const numbers = fc.constantFrom(none, -1, least, most);
    const { allowShortSelling: _, ...numeric } = DEFAULT_LIMITS;
    const fields = fc.constantFrom(...Object.keys(numeric));
    fc.assert(
      fc.property(numbers, fields, (value, field) => {
        const cell = cellOf({}, { [field]: value });
        expect(guardOrder(inputOf({ cell })).ok).toBe(false);
      }),
    );
  });

  it("counts the cooldown from the claim, also when the order is delivered again", () => {
    const cell = claimedIn(cellOf(), intentOf());
    expect(reasonsFor({ cell, intent: intentOf({ minute: 4 }) })).toContain("cooldown");
    expect(reasonsFor({ cell })).toContain("alreadyClaimed");
  });

  it("blocks entries in a symbol while the fate of an order in it is unknown, but no exit", () => {
    const cell = progressClaim(
      claimedIn(cellOf(holding(2), { minCooldownMinutes: 0 }), intentOf({ minute: 1 })),
      intentOf({ minute: 1 }).clientOrderId,
      { type: "unknown" },
      NOW_MS,
    );
    expect(reasonsFor({ cell })).toContain("symbolUnknown");
    const exit = intentOf({ side: "sell", purpose: "exit" });
    expect(reasonsFor({ cell, intent: exit })).toEqual([]);
  });

  it("lets an exit through whatever stops entries, as long as it only reduces", () => {
    const stopped = cellOf(
      {
        ...holding(3),
        ...state("reducing"),
        reconciliation: { state: "unverified", cleanAtMs: null },
        accountReading: null,
      },
      { maxEntriesPerDay: 0, maxPositionSize: usd(0), maxInFlight: 0 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.boolean(), (count, hasQuote) => {
        const intent = intentOf({ side: "sell", purpose: "exit", count });
        const quote = hasQuote ? quoteOf("99.99", "100.01", NOW_MS - 1_200_000) : undefined;
        // With room for no claim at all an exit still has the room that is kept for exits.
        const cell = { ...stopped, limits: { ...stopped.limits, maxInFlight: 1 } };
        const decision = guardOrder(inputOf({ cell, intent, quote }));
        expect(decision.ok && decision.value.order.quantity).toBe(shares(Math.min(count, 3)));
      }),
    );
  });

  it("closes all that is held at once, however few entries may be under way", () => {
    const symbols = Array.from({ length: 40 }, (_, index) =>
      must(parseTicker(`X${String.fromCodePoint(65 + (index % 26), 65 + Math.floor(index / 26))}`)),
    );
    const held = symbols.map((symbol) => holding(3, "100.00", symbol).holdings);
    const holdings = Object.fromEntries(held.flatMap((one) => Object.entries(one)));
    let cell = cellOf({ holdings }, { maxInFlight: 1 });
    for (const symbol of symbols) {
      const intent = intentOf({ symbol, side: "sell", purpose: "exit", count: 3 });
      expect(reasonsFor({ cell, intent, quote: undefined })).toEqual([]);
      cell = claimedIn(cell, intent);
    }
    expect(reasonsFor({ cell })).toContain("tooManyInFlight");
  });

  it("never sells more than is held, counting the exits that are working", () => {
    const first = intentOf({ side: "sell", purpose: "exit", count: 2 });
    const cell = claimedIn(cellOf(holding(3)), first);
    const again = intentOf({ side: "sell", purpose: "exit", count: 2, minute: 1 });
    const cut = guardOrder(inputOf({ cell, intent: again }));
    expect(cut.ok && cut.value.order.quantity).toBe(shares(1));
    const both = claimedIn(cell, again);
    const third = intentOf({ side: "sell", purpose: "exit", count: 1, minute: 2 });
    expect(reasonsFor({ cell: both, intent: third })).toEqual(["exitInFlight"]);
    const buy = intentOf({ side: "buy", purpose: "exit", count: 1, minute: 1 });
    expect(reasonsFor({ cell: cellOf(holding(3)), intent: buy })).toEqual(["notReducing"]);
  });

  it("approves for one version of the cell and one Region only", () => {
    const decision = guardOrder(inputOf());
    if (!decision.ok) throw new Error("The fixture is not sound.");
    const moved = takeOver(cellOf(), "us-west-2", NOW_MS);
    const terms = { claimId: "c1", nowMs: NOW_MS, submitByMs: NOW_MS + 10_000 };
    expect(claimOrder(moved, decision.value, terms)).toMatchObject({ ok: false });
    expect(reasonsFor({ cell: moved })).toContain("notActiveRegion");
    expect(moved.inFlight[IBM]).toBeUndefined();
  });
});
