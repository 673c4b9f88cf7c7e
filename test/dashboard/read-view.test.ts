import { describe, expect, it } from "vitest";
import type { Polled } from "../../dashboard/source/poll.ts";
import { PATHS, readView } from "../../dashboard/source/read-view.ts";

const polled = (bodies: Partial<Record<keyof typeof PATHS, unknown>>): Polled => ({
  connection: "live",
  heardAtMs: 0,
  readings: Object.fromEntries(
    Object.entries(PATHS).map(([name, path]) => [
      path,
      { body: bodies[name as keyof typeof PATHS], readAtMs: 0, failure: null },
    ]),
  ),
});

const component = (level: string) => ({
  component: "ledger",
  isCritical: true,
  level,
  reason: "It answered.",
  evidenceAtMs: 1,
});

const health = (level: string, componentLevel: string) => ({
  health: {
    mode: "sim",
    level,
    reason: "All is well.",
    atMs: 2,
    components: [component(componentLevel)],
  },
});

describe("what the page shows", () => {
  it("knows nothing before the first answer, and shows nothing as good", () => {
    const view = readView({ readings: {}, connection: "connecting", heardAtMs: null });
    expect(view.mode).toBeUndefined();
    expect(view.health).toEqual({ value: undefined, failure: null });
    expect(view.orders).toEqual({ value: undefined, failure: null });
  });

  it.each([
    ["OK", "healthy", "good", "good"],
    ["DEGRADED", "degraded", "warn", "warn"],
    ["FAILED", "critical", "bad", "bad"],
    ["FAILED_CONFIG", "unhealthy", "bad", "bad"],
    ["FAILED", "unknown", "bad", "unknown"],
    ["SOMETHING_NEW", "something new", "bad", "unknown"],
  ])(
    "shows the level %s and a component that is %s in their tones",
    (level, own, tone, ownTone) => {
      const { value } = readView(polled(health(level, own))).health;
      expect(value?.tone).toBe(tone);
      expect(value?.components[0]?.tone).toBe(ownTone);
    },
  );

  it("shows nothing as good that has not proven itself, though nothing is wrong with it", () => {
    const body = health("OK", "healthy");
    const [own] = body.health.components;
    const components = [{ ...own, evidenceAtMs: null }];
    const { value } = readView(polled({ health: { ...body.health, components } })).health;
    expect(value?.components[0]).toMatchObject({ level: "idle", tone: "unknown" });
    expect(value?.tone).toBe("good");
  });

  it("says of a drill what harm was done before what was late, and nothing where it held", () => {
    const row = {
      scenario: "zombie",
      from: "us-east-2",
      to: "us-west-2",
      doubled: 0,
      unguarded: 0,
      lost: 0,
      secondsToFence: 80,
      secondsToActive: null,
      alerts: ["takeover-main-2"],
      differences: [],
      ok: false,
    };
    const drill = { place: "aws", endedAtMs: 5, ok: false, totals: { failovers: 3 } };
    const rows = [row, { ...row, lost: 2 }, { ...row, ok: true }];
    const body = { mode: "paper", atMs: 9, drills: [{ ...drill, rows }] };
    const [shown] = readView(polled({ drills: body })).drills.value ?? [];
    expect(shown).toMatchObject({ atMs: 5, place: "aws", isOk: false, failovers: 3 });
    expect(shown?.rows.map(({ harm }) => harm)).toEqual(["late or unwell", "2 lost", ""]);
  });

  it("takes a body of another form for a failure and names the field", () => {
    const view = readView(polled({ orders: { mode: "sim", sessionDate: "2026-11-23" } }));
    expect(view.orders.value).toBeUndefined();
    expect(view.orders.failure).toContain("orders");
  });

  it("says why an order was made and denied in words, and leaves the broker's own as they are", () => {
    const order = {
      clientOrderId: "a",
      symbol: "SPY",
      side: "sell",
      purpose: "exit",
      quantity: "2",
      filled: "0",
      averagePrice: null,
      limitPrice: null,
      state: "denied",
      reasons: ["exitInFlight", "40310000: insufficient qty for SPY_X"],
      decision: "signalReversal, score 2.87 bullish",
      decidedAtMs: 1,
    };
    const body = { mode: "sim", sessionDate: "2026-11-23", orders: [order] };
    expect(readView(polled({ orders: body })).orders.value).toMatchObject([
      {
        reason: "signal reversal, score 2.87 bullish",
        outcome: "exit in flight, 40310000: insufficient qty for SPY_X",
      },
    ]);
  });

  it("says what a position has come to, and a dash's worth of nothing where it is not known", () => {
    const position = {
      symbol: "SPY",
      quantity: "2",
      averagePrice: "100.00",
      lastPrice: "101.00",
      lastPriceAgeMs: 5,
      marketValue: "202.00",
      unrealizedProfit: "2.00",
      openedAtMs: 1,
    };
    const body = {
      mode: "sim",
      account: "main",
      atMs: 1,
      tradingState: null,
      reconciliation: null,
      equity: null,
      buyingPower: null,
      realizedProfit: null,
      unrealizedProfit: "2.00",
      positions: [position, { ...position, lastPrice: null, unrealizedProfit: null }],
      orders: { open: 1, protecting: 0 },
      inFlight: [{ clientOrderId: "a", stage: "unknown" }],
    };
    const { positions, account } = readView(polled({ positions: body }));
    expect(positions.value?.map(({ profit, profitRatio }) => [profit, profitRatio])).toEqual([
      [2, 0.01],
      [null, null],
    ]);
    expect(account).toMatchObject({
      equity: null,
      inFlight: 1,
      unknown: 1,
      reconciliation: "never",
    });
  });
});
