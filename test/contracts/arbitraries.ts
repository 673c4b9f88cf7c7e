import * as fc from "fast-check";
import type { Funnel } from "../../shared/domain/funnel/funnel.ts";
import { FUNNEL_STAGES } from "../../shared/domain/funnel/funnel.ts";
import type { Evidence } from "../../shared/domain/health/evidence.ts";
import type { SystemHealth } from "../../shared/domain/health/system-health.ts";
import type { Money } from "../../shared/domain/market/money.ts";
import type { Price } from "../../shared/domain/market/price.ts";
import type { Quantity } from "../../shared/domain/market/quantity.ts";
import type { ValidQuote } from "../../shared/domain/market/quote.ts";
import { parseSessionDate, type SessionDate } from "../../shared/domain/market/session-date.ts";
import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
import { clientOrderIdOf } from "../../shared/domain/orders/client-order-id.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import {
  type Claim,
  type ControlCell,
  FLAT,
  type Holding,
  openCell,
} from "../../shared/domain/risk/control-cell.ts";
import { DEFAULT_LIMITS } from "../../shared/domain/risk/limits.ts";
import type { FlowEvidence, MarketTide } from "../../shared/domain/signals/flow.ts";
import type { ScoreRecord } from "../../shared/domain/signals/score-record.ts";
import type { CycleRecord } from "../../shared/ports/telemetry.ts";

/** A symbol that is known to be one. */
export const ticker = (text: string): Ticker => {
  const symbol = parseTicker(text);
  if (symbol === undefined) throw new Error(`${text} is no symbol.`);
  return symbol;
};

/** A date that is known to be one. */
export const sessionDate = (text: string): SessionDate => {
  const date = parseSessionDate(text);
  if (date === undefined) throw new Error(`${text} is no date.`);
  return date;
};

/** 09:30 in New York on the session that the suites trade in. */
export const OPEN_MS = Date.parse("2026-01-15T14:30:00Z");

/** The session that the suites trade in. */
export const SESSION = sessionDate("2026-01-15");

const symbolArbitrary = fc.constantFrom("SPY", "AAPL", "BRK.B", "T").map(ticker);
const timeArbitrary = fc.integer({ min: 0, max: 390 * 60_000 }).map((ms) => OPEN_MS + ms);
const priceArbitrary = fc.integer({ min: 1, max: 100_000_000 }).map((units) => units as Price);
const moneyArbitrary = fc
  .integer({ min: -(10 ** 15), max: 10 ** 15 })
  .map((units) => units as Money);
const quantityArbitrary = fc
  .integer({ min: 1, max: 9_000_000 })
  .map((count) => (count * 1_000_000_000) as Quantity);
// JSON has no negative zero, and no store keeps one.
const floatArbitrary = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (Object.is(value, -0) ? 0 : value));
const wordsArbitrary = fc.string({ maxLength: 40, unit: "grapheme" });
const directionArbitrary = fc.constantFrom("bullish", "bearish", "neutral");

/** A validated quote of any symbol, with and without the fields a vendor may leave out. */
export const quoteArbitrary: fc.Arbitrary<ValidQuote> = fc
  .record({
    symbol: symbolArbitrary,
    source: fc.constantFrom("alpaca", "polygon", "yahoo", "tiingo", "recorded"),
    bid: priceArbitrary,
    spread: fc.nat(500),
    last: fc.option(priceArbitrary, { nil: undefined }),
    bidSize: fc.nat(),
    askSize: fc.nat(),
    exchangeTimeMs: timeArbitrary,
    receivedAtMs: timeArbitrary,
    volume: fc.option(fc.nat(), { nil: undefined }),
    previousClose: fc.option(priceArbitrary, { nil: undefined }),
    confirmedBy: fc.constantFrom("single", [], ["polygon"], ["polygon", "yahoo"]),
  })
  .map(({ spread, ...quote }) => {
    const ask = quote.bid + spread;
    const mid = Math.round((quote.bid + ask) / 2);
    return { ...quote, ask, mid } as unknown as ValidQuote;
  });

const SCORE_KEYS: (keyof ScoreRecord)[] = [
  "symbol",
  "atMs",
  "score",
  "direction",
  "conviction",
  "freshness",
  "components",
  "missing",
  "gateReasons",
  "outcome",
];

/** What a scoring run decided about any symbol. */
export const scoreArbitrary: fc.Arbitrary<ScoreRecord> = fc.record(
  {
    symbol: symbolArbitrary,
    atMs: timeArbitrary,
    score: floatArbitrary,
    direction: directionArbitrary,
    conviction: floatArbitrary,
    freshness: floatArbitrary,
    components: fc.array(fc.record({ name: wordsArbitrary, value: floatArbitrary }), {
      maxLength: 3,
    }),
    missing: fc.array(wordsArbitrary, { maxLength: 2 }),
    gateReasons: fc.array(wordsArbitrary, { maxLength: 2 }),
    outcome: wordsArbitrary,
    basis: fc.constant("basicIndicators" as const),
  },
  { requiredKeys: SCORE_KEYS },
);

const observedArbitrary = <Value>(value: fc.Arbitrary<Value>) =>
  fc.tuple(value, timeArbitrary).map(([fields, observedAtMs]) => ({ ...fields, observedAtMs }));

/** What is known of the whole market, where anything is. */
export const tideArbitrary: fc.Arbitrary<MarketTide | undefined> = fc.option(
  observedArbitrary(fc.record({ netCallPremium: moneyArbitrary, netPutPremium: moneyArbitrary })),
  { nil: undefined },
);

/** Flow of one symbol with some of its inputs, each with the fields that may be left out. */
export const flowArbitrary = (symbol: Ticker): fc.Arbitrary<FlowEvidence> =>
  fc.record(
    {
      symbol: fc.constant(symbol),
      daily: fc.record(
        {
          shorts: observedArbitrary(
            fc.record({
              shortInterestShare: fc.option(floatArbitrary, { nil: undefined }),
              daysToCover: fc.option(floatArbitrary, { nil: undefined }),
              failsToDeliver: fc.option(fc.nat(), { nil: undefined }),
            }),
          ),
          calendar: observedArbitrary(
            fc.record({
              daysToEarnings: fc.option(fc.nat(), { nil: undefined }),
              hasFdaEvent: fc.boolean(),
              economicEventCount: fc.nat(),
            }),
          ),
          regime: observedArbitrary(
            fc.record({ regime: fc.constantFrom("riskOn", "riskOff", "mixed") }),
          ),
        },
        { requiredKeys: [] },
      ),
      flowAlerts: observedArbitrary(
        fc.record({
          alerts: fc.array(
            fc.record({
              symbol: fc.constant(symbol),
              contract: fc.constantFrom("call", "put"),
              strike: priceArbitrary,
              expiry: fc.constant("2026-02-20"),
              totalPremium: moneyArbitrary,
              askSidePremium: moneyArbitrary,
              bidSidePremium: moneyArbitrary,
              isSweep: fc.boolean(),
              isMultiLeg: fc.boolean(),
              createdAtMs: fc.option(timeArbitrary, { nil: undefined }),
            }),
            { maxLength: 2 },
          ),
        }),
      ),
      darkPool: observedArbitrary(
        fc.record({
          prints: fc.array(
            fc.record({
              symbol: fc.constant(symbol),
              price: priceArbitrary,
              size: fc.nat(),
              notional: moneyArbitrary,
              bid: priceArbitrary,
              ask: priceArbitrary,
              isCanceled: fc.boolean(),
              executedAtMs: fc.option(timeArbitrary, { nil: undefined }),
            }),
            { maxLength: 2 },
          ),
        }),
      ),
      convictionHistory: observedArbitrary(
        fc.record({
          points: fc.array(fc.record({ conviction: floatArbitrary, atMs: timeArbitrary }), {
            maxLength: 3,
          }),
        }),
      ),
    },
    { requiredKeys: ["symbol", "daily"] },
  );

/** Evidence of a component at any moment of the session. */
export const evidenceArbitrary = (component: string): fc.Arbitrary<Evidence> =>
  fc.record({
    component: fc.constant(component),
    atMs: timeArbitrary,
    succeeded: fc.boolean(),
    detail: wordsArbitrary,
    latencyMs: fc.option(fc.nat()),
    dataAgeMs: fc.option(fc.nat()),
    fault: fc.constantFrom(null, "configuration", "schema"),
  });

/** The system's health at any moment of the session. */
export const healthArbitrary: fc.Arbitrary<SystemHealth> = fc.record({
  level: fc.constantFrom("OK", "DEGRADED", "FAILED", "FAILED_CONFIG", "FAILED_API_SCHEMA"),
  reason: wordsArbitrary,
  components: fc.array(
    fc.record({
      component: wordsArbitrary,
      isCritical: fc.boolean(),
      level: fc.constantFrom("healthy", "degraded", "unhealthy", "critical", "unknown"),
      reason: wordsArbitrary,
      evidenceAtMs: fc.option(timeArbitrary),
    }),
    { maxLength: 3 },
  ),
  atMs: timeArbitrary,
});

/** Any cycle. */
export const cycleArbitrary: fc.Arbitrary<CycleRecord> = fc.record({
  cycleId: wordsArbitrary,
  slotMs: timeArbitrary,
  closedAtMs: timeArbitrary,
  outcome: fc.constantFrom("completed", "skipped", "failed"),
  reason: wordsArbitrary,
  dataMode: fc.constantFrom("full", "fewerVendors", "cached", "static", null),
});

/** Counts of some stages and some reasons. */
export const funnelArbitrary: fc.Arbitrary<Omit<Funnel, "sessionDate">> = fc.record(
  {
    passed: fc.dictionary(fc.constantFrom(...FUNNEL_STAGES), fc.nat(1_000)),
    stopped: fc.dictionary(
      fc.constantFrom("valid.stale", "gated.toxicity", "approved.a b"),
      fc.nat(9),
    ),
    activity: fc.dictionary(fc.constantFrom("0.entries", "12.symbolMinutes"), fc.nat(9), {
      minKeys: 1,
    }),
    scores: fc.dictionary(fc.constantFrom("0", "15"), fc.nat(9), { minKeys: 1 }),
  },
  { requiredKeys: ["passed", "stopped"] },
);

/** An intent of the account, decided `minute` minutes after the open. */
export const intentOf = (account: string, minute: number, symbol = "SPY"): OrderIntent => {
  const barTimeMs = OPEN_MS + minute * 60_000;
  const leg = { side: "buy", leg: "entry" } as const;
  const name = { strategy: "core", account, symbol: ticker(symbol), sessionDate: SESSION } as const;
  return {
    ...name,
    clientOrderId: clientOrderIdOf({ ...name, ...leg, barTimeMs, revision: 0 }),
    side: "buy",
    purpose: "entry",
    quantity: 2_000_000_000 as Quantity,
    pricing: { type: "limit", limitPrice: 1_872_600 as Price },
    protection: { stopPrice: 1_835_100 as Price, targetPrice: 1_947_500 as Price },
    referencePrice: 1_872_500 as Price,
    decidedAtMs: barTimeMs + 61_000,
    validUntilMs: barTimeMs + 180_000,
    reason: "score 4.12 bullish",
    score: 4.12,
  };
};

/** The first event of an order. */
export const recorded = (intent: OrderIntent, by = "delivery-1"): OrderEvent => ({
  type: "intentRecorded",
  atMs: intent.decidedAtMs,
  intent,
  recordedBy: by,
});

const quantityOfOne = 1_000_000_000 as Quantity;

/** The rest of a history that any order may have, with every kind of event somewhere. */
export const historyArbitrary: fc.Arbitrary<readonly OrderEvent[]> = fc
  .record({
    atMs: timeArbitrary,
    text: wordsArbitrary,
    price: priceArbitrary,
    filled: fc.array(quantityArbitrary, { maxLength: 3 }),
    shape: fc.constantFrom("denied", "rejected", "filled", "lost", "replaced", "notSent"),
  })
  .map(({ atMs, text, price, filled, shape }) => {
    const brokerOrderId = `broker ${text}`;
    const claimed = {
      type: "claimed",
      atMs,
      epoch: 3,
      claimId: text,
      submitByMs: atMs,
      quantity: null,
    } as const;
    const fills = filled.map(
      (cumulativeFilled) =>
        ({
          type: "fillObserved",
          atMs,
          brokerOrderId,
          cumulativeFilled,
          averagePrice: price,
        }) as const,
    );
    switch (shape) {
      case "denied":
        return [{ type: "denied", atMs, denials: [{ reason: "cooldown", detail: text }] }];
      case "rejected":
        return [claimed, { type: "rejected", atMs, reason: text }];
      case "filled":
        return [
          claimed,
          { type: "acknowledged", atMs, brokerOrderId },
          ...fills,
          { type: "cancelRequested", atMs, reason: text },
          {
            type: "legFillObserved",
            atMs,
            legId: text,
            role: "stop",
            cumulativeFilled: quantityOfOne,
            averagePrice: price,
          },
        ];
      case "lost":
        return [
          claimed,
          { type: "submissionUnknown", atMs, cause: text },
          { type: "orphaned", atMs, brokerOrderId },
          { type: "cancelled", atMs },
        ];
      case "replaced":
        return [claimed, { type: "replaced", atMs, replacedBy: text }];
      case "notSent":
        return [
          claimed,
          { type: "notSent", atMs, cause: text },
          { type: "expired", atMs, cause: text },
        ];
    }
  });

/** The first cell of an account. */
export const firstCell = (account: string): ControlCell =>
  openCell({
    account,
    region: "us-east-2",
    limits: DEFAULT_LIMITS,
    limitsDigest: "d1",
    nowMs: OPEN_MS,
  });

const claimArbitrary = (account: string): fc.Arbitrary<Claim> =>
  fc.record({
    clientOrderId: fc.nat(389).map((minute) => intentOf(account, minute).clientOrderId),
    claimId: fc.uuid(),
    epoch: fc.integer({ min: 1, max: 9 }),
    symbol: symbolArbitrary,
    side: fc.constantFrom("buy", "sell"),
    purpose: fc.constantFrom("entry", "exit"),
    quantity: quantityArbitrary,
    filled: quantityArbitrary,
    filledPrice: fc.option(priceArbitrary),
    price: priceArbitrary,
    stage: fc.constantFrom("claimed", "working", "unknown", "protecting"),
    claimedAtMs: timeArbitrary,
    submitByMs: timeArbitrary,
    validUntilMs: timeArbitrary,
    protection: fc.option(fc.record({ stopPrice: priceArbitrary, targetPrice: priceArbitrary })),
    closed: quantityArbitrary,
    closedPrice: fc.option(priceArbitrary),
    liveLegIds: fc.array(fc.uuid(), { maxLength: 2 }),
    entryBeforeMs: fc.option(timeArbitrary),
    absentSinceMs: fc.option(timeArbitrary),
  });

const holdingArbitrary: fc.Arbitrary<Holding> = fc.oneof(
  fc.record({
    quantity: quantityArbitrary.filter((quantity) => quantity !== 0),
    averagePrice: priceArbitrary,
    openedAtMs: timeArbitrary,
    lastEntryAtMs: fc.option(timeArbitrary),
  }),
  fc.record({ lastEntryAtMs: fc.option(timeArbitrary) }).map((flat) => ({ ...FLAT, ...flat })),
);

/** Any first cell of an account, with holdings, claims and everything that may be null. */
export const cellArbitrary = (account: string): fc.Arbitrary<ControlCell> =>
  fc
    .record({
      mode: fc.constantFrom("active", "reducing", "halted"),
      isFlattening: fc.boolean(),
      suspendAtBroker: fc.boolean(),
      cashFlow: moneyArbitrary,
      peakEquity: fc.option(moneyArbitrary),
      resumeRequest: fc.option(
        fc.record({ by: wordsArbitrary, atMs: timeArbitrary, snapshotHash: fc.uuid() }),
      ),
      reason: wordsArbitrary,
      cleanAtMs: fc.option(timeArbitrary),
      accountReading: fc.option(
        fc.record({
          equity: moneyArbitrary,
          cash: moneyArbitrary,
          buyingPower: moneyArbitrary,
          observedAtMs: timeArbitrary,
        }),
      ),
      day: fc.option(
        fc.record({
          sessionDate: fc.constant(SESSION),
          entries: fc.nat(),
          exits: fc.nat(),
          startingEquity: fc.option(moneyArbitrary),
          realizedProfit: moneyArbitrary,
          rejects: fc.array(
            fc.record({
              symbol: symbolArbitrary,
              code: wordsArbitrary,
              count: fc.integer({ min: 1, max: 9 }),
              lastAtMs: timeArbitrary,
            }),
            { maxLength: 3 },
          ),
        }),
      ),
      holdings: fc.dictionary(symbolArbitrary, holdingArbitrary),
      claims: fc.array(claimArbitrary(account), { maxLength: 4 }),
    })
    .map(({ mode, reason, isFlattening, suspendAtBroker, cleanAtMs, claims, ...rest }) => ({
      ...firstCell(account),
      tradingState: { mode, reason, by: "test", atMs: OPEN_MS, isFlattening, suspendAtBroker },
      reconciliation: { state: cleanAtMs === null ? "never" : "clean", cleanAtMs },
      ...rest,
      inFlight: Object.fromEntries(claims.map((claim) => [claim.clientOrderId, claim])),
    }));
