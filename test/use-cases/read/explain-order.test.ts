import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { err, ok } from "../../../shared/domain/result.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { DecisionBasis } from "../../../shared/domain/orders/order-intent.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import type { ScoreRecord } from "../../../shared/domain/signals/score-record.ts";
import { createExplainOrder } from "../../../shared/use-cases/read/explain-order.ts";
import { historyArbitrary } from "../../contracts/arbitraries.ts";
import { IBM, intentOf, NOW_MS, price } from "../../fixtures/orders.ts";
import { auditOf } from "../audit/audited.ts";
import { openAccount, settings, type TradingAccount } from "../trading-account.ts";

const ID = intentOf().clientOrderId;
const TIME = { remainingMs: () => 10_000 };
const noScores = { loadScores: async () => [] };

const scored: ScoreRecord = {
  symbol: IBM,
  atMs: NOW_MS - 500,
  score: 4,
  direction: "bullish",
  conviction: 0.9,
  freshness: 1,
  components: [
    { name: "options_flow", value: 1.5 },
    { name: "insider", value: -0.25 },
    { name: "congress", value: 0 },
  ],
  missing: ["etf_flow"],
  gateReasons: [],
  outcome: ID,
};

describe("explaining an order", () => {
  it("knows the quote and the score's parts for ever, from the order itself", async () => {
    const account = await openAccount();
    const basis: DecisionBasis = {
      quote: {
        source: "alpaca",
        bid: price("99.99"),
        ask: price("100.01"),
        exchangeTimeMs: NOW_MS - 1_500,
      },
      score: {
        direction: "bullish",
        conviction: 0.9,
        freshness: 1,
        components: [{ name: "options_flow", value: 2.28 }],
        missing: ["etf_flow"],
      },
    };
    await account.execute({ ...intentOf(), basis }, TIME);
    const explained = await createExplainOrder({ ...account, settings })(ID);
    if (!explained.ok) throw new Error(explained.error.detail);
    const { steps, components } = explained.value;
    expect(components).toEqual(basis.score?.components);
    // One clock for all that a person reads.
    const sentences = steps.map(({ sentence }) => sentence).join(" ");
    expect(sentences).toMatch(/valid until \d\d:\d\d:\d\d New York\./);
    expect(sentences).not.toContain("UTC");
    expect(steps.slice(0, 3).map(({ type }) => type)).toEqual([
      "quoted",
      "scored",
      "intentRecorded",
    ]);
    expect(steps[0]?.sentence).toBe("Quoted 99.99 to 100.01 by alpaca, 1.5 s old at the decision.");
    expect(steps[1]?.reasons).toEqual(["options_flow +2.280", "no input: etf_flow"]);
  });

  it("tells from the score to the bracket's stop what happened, and why", async () => {
    const account = await openAccount();
    await account.telemetry.recordScores(0, [scored]);
    account.plan("acceptAndFill");
    await account.execute(intentOf(), TIME);
    account.advance(60_000);
    await account.reconcile();
    account.stopOut(ID);
    account.advance(60_000);
    await account.reconcile();
    const explained = await createExplainOrder({ ...account, settings })(ID);
    if (!explained.ok) throw new Error(explained.error.detail);
    const { steps, ...order } = explained.value;
    expect(order).toMatchObject({
      state: "filled",
      quantity: "2",
      filled: "2",
      averagePrice: "100.10",
      referencePrice: "100.00",
      score: 4,
      components: scored.components,
    });
    expect(steps.map(({ type }) => type)).toEqual([
      "scored",
      "intentRecorded",
      "claimed",
      "acknowledged",
      "fillObserved",
      "executionsObserved",
      "legFillObserved",
      "executionsObserved",
    ]);
    expect(steps[0]).toMatchObject({
      sentence: "Scored 4.00 bullish, conviction 0.90, freshness 1.00.",
      reasons: ["options_flow +1.500", "insider -0.250", "no input: etf_flow"],
    });
    expect(steps[1]?.reasons).toEqual([
      "score 4.00 bullish",
      "stop 98.00 and target 104.00 at the broker",
    ]);
    expect(steps.at(-2)?.sentence).toBe("The broker's stop has closed 2 at 98.00 on average.");
  });

  it("names every reason for which the guard denied an order, with what it saw", async () => {
    const account = await openAccount();
    await account.execute(intentOf({ count: 5_000 }), TIME);
    const explained = await createExplainOrder({ ...account, settings })(ID);
    const reasons = explained.ok ? explained.value.steps.at(-1)?.reasons : undefined;
    expect(reasons?.length).toBeGreaterThan(1);
    for (const reason of reasons ?? []) expect(reason).toMatch(/^[a-zA-Z]+: .+\.$/);
  });

  it("finds a sentence for every event of any history", async () => {
    await fc.assert(
      fc.asyncProperty(historyArbitrary, async (events) => {
        const [first] = events;
        if (first?.type !== "intentRecorded") return;
        const ledger = { loadEvents: async () => ok(events) };
        const explain = createExplainOrder({ ledger, telemetry: noScores, settings });
        const explained = await explain(first.intent.clientOrderId);
        if (!explained.ok) throw new Error(explained.error.detail);
        expect(explained.value.steps).toHaveLength(events.length);
        for (const { sentence } of explained.value.steps) expect(sentence).toMatch(/^[A-Z].+\.$/);
      }),
    );
  });

  it("goes without the score's parts when they cannot be read, or are of a later cycle", async () => {
    const events: readonly OrderEvent[] = [
      { type: "intentRecorded", atMs: NOW_MS, intent: intentOf(), recordedBy: "a" },
    ];
    const ledger = { loadEvents: async () => ok(events) };
    const later = { loadScores: async () => [{ ...scored, outcome: "gated:score" }] };
    const down = {
      loadScores: () => Promise.reject(new RetryableError("The store does not answer.")),
    };
    for (const telemetry of [later, down]) {
      const explained = await createExplainOrder({ ledger, telemetry, settings })(ID);
      expect(explained).toMatchObject({ ok: true, value: { components: null, score: 4 } });
    }
  });

  it("says that the ledger cannot be read, never that there is no order", async () => {
    const fault = err({ type: "LedgerUnavailable", detail: "timeout" } as const);
    const ledger = { loadEvents: async () => fault };
    const explain = createExplainOrder({ ledger, telemetry: noScores, settings });
    expect(await explain(ID)).toMatchObject({ ok: false, error: { type: "Unavailable" } });
  });
});

/** An account whose orders are audited and explained. */
const explainOf = async (account: TradingAccount) => {
  const audit = auditOf(account);
  const auditing = { heads: audit.heads, records: audit.records, seals: audit.seals };
  const explain = createExplainOrder({ ...account, auditing, settings });
  const seals = async () => {
    const explained = await explain(ID);
    if (!explained.ok) throw new Error(explained.error.detail);
    return explained.value.seals;
  };
  /** Other things that mattered, of which one is recorded in each second. */
  const pass = async (records: number): Promise<void> => {
    for (let record = 0; record < records; record++) {
      account.advance(1_000);
      await audit.trail.record({ kind: "halt", actor: "ada", epoch: null, body: {} });
      if (record % 20 === 0) await audit.keep();
    }
  };
  return { audit, seals, pass };
};

describe("the audit of an explained order", () => {
  it("is found by its moments among thousands of records, wherever these lie", async () => {
    const account = await openAccount();
    const { audit, seals, pass } = await explainOf(account);
    await pass(120);
    account.plan("acceptAndFill");
    await account.execute({ ...intentOf(), validUntilMs: account.nowMs() + 60_000 }, TIME);
    expect(await seals()).toEqual([]);
    await audit.keep();
    const [first] = (await seals()) ?? [];
    await pass(120);
    await account.reconcile();
    account.stopOut(ID);
    account.advance(1_000);
    await account.reconcile();
    await audit.keep();
    await pass(120);
    const found = await seals();
    const sealing = (await audit.chain()).filter(({ body }) => JSON.stringify(body).includes(ID));
    expect(found?.map(({ sequence }) => sequence)).toEqual(sealing.map(({ sequence }) => sequence));
    expect(found?.[0]).toEqual(first);
    const loaded = await account.ledger.loadEvents(ID);
    expect(found?.at(-1)?.events).toBe(loaded.ok ? loaded.value.length : -1);
  });

  it("is not known where the audit cannot be read, and the story is told all the same", async () => {
    const account = await openAccount();
    await account.execute(intentOf(), TIME);
    const { audit } = await explainOf(account);
    const heads = {
      ...audit.heads,
      load: async () => err({ type: "LedgerUnavailable", detail: "timeout" } as const),
    };
    const auditing = { heads, records: audit.records, seals: audit.seals };
    const explained = await createExplainOrder({ ...account, auditing, settings })(ID);
    expect(explained).toMatchObject({ ok: true, value: { seals: null, clientOrderId: ID } });
  });
});
