import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createProbeVendors, type Tamper } from "../../../shared/adapters/probe/probe-vendors.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import {
  clientOrderIdOf,
  parseClientOrderId,
} from "../../../shared/domain/orders/client-order-id.ts";
import { PROBE_ACCOUNT } from "../../../shared/domain/probe/probe-account.ts";
import { PROBE_SYMBOL, probeMoment } from "../../../shared/domain/probe/probe-signal.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import { readMarketDataMessage } from "../../../shared/runtime/messages/market-data-message.ts";
import {
  createProbePipeline,
  type ProbePipelineDeps,
} from "../../../shared/use-cases/probe/probe-pipeline.ts";
import { DATE, NOW_MS } from "../../fixtures/orders.ts";
import { settingsWith } from "../cycle-world.ts";

const probeWith = (
  given: {
    readonly settings?: Partial<Settings>;
    readonly tamper?: Tamper;
    readonly nowMs?: number;
    readonly readMessage?: ProbePipelineDeps["readMessage"];
  } = {},
) => {
  const nowMs = given.nowMs ?? NOW_MS;
  const telemetry = createStoredTelemetry(createMemoryItemStore(), { region: "us-east-2" });
  const ledger = createStoredLedger(createMemoryItemStore());
  const deps: ProbePipelineDeps = {
    connectVendors: createProbeVendors(given.tamper),
    readMessage: given.readMessage ?? readMarketDataMessage,
    ledger,
    telemetry,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    settings: settingsWith({ validation: VALIDATION, ...given.settings }),
  };
  return { probe: createProbePipeline(deps), telemetry, ledger };
};

const withoutAsk: Tamper = (body, at) =>
  at.includes("darkpool") ? body.replaceAll('"nbbo_ask"', '"ask"') : body;

const VALIDATION = { ...settingsWith().validation, vendorsToAgree: 2 as const };

describe("the probe", () => {
  it("reaches the dry run from the vendors' bytes, scores 4 or more and says so", async () => {
    const { probe, telemetry, ledger } = probeWith();
    const report = await probe();
    expect(report).toMatchObject({ passed: true, lost: [], stage: null });
    expect(report.score).toBeGreaterThanOrEqual(4);
    expect(await telemetry.loadEvidence("probe", 5)).toMatchObject([{ succeeded: true }]);
    const cell = await ledger.loadCell(PROBE_ACCOUNT);
    expect(cell).toMatchObject({ ok: true, value: { account: PROBE_ACCOUNT, inFlight: {} } });
  });

  it("passes at every moment of every day, and writes its cell again and again", async () => {
    const year = fc.integer({ min: NOW_MS, max: NOW_MS + 365 * 86_400_000 });
    await fc.assert(
      fc.asyncProperty(year, async (nowMs) => {
        const { probe } = probeWith({ nowMs });
        expect(await probe()).toMatchObject({ passed: true });
        expect(await probe()).toMatchObject({ passed: true });
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ["flow-alerts", "has_sweep"],
    ["flow-alerts", "total_ask_side_prem"],
    ["flow-alerts", "type"],
    ["flow-alerts", "created_at"],
    ["darkpool", "nbbo_bid"],
    ["darkpool", "premium"],
    ["market-tide", "net_call_premium"],
    ["greek-exposure", "call_gamma"],
    ["iv-rank", "iv_rank_1y"],
    ["oi-change", "oi_diff_plain"],
    ["snapshots", "bs"],
    ["snapshots", "latestTrade"],
    ["snapshots", "latestQuote"],
    ["snapshot/locale", "lastQuote"],
  ])("fails where %s no longer has %s", async (path, field) => {
    const tamper: Tamper = (body, at) =>
      at.includes(path) ? body.replaceAll(`"${field}"`, `"renamed_${field}"`) : body;
    const { probe, telemetry } = probeWith({ tamper });
    const report = await probe();
    expect(report.passed).toBe(false);
    expect(report.detail).toMatch(/^The probe stopped at (fetch|parse): /);
    expect(await telemetry.loadEvidence("probe", 1)).toMatchObject([{ succeeded: false }]);
  });

  it("names each field that is lost by its path", async () => {
    const { lost } = await probeWith({ tamper: withoutAsk }).probe();
    expect(lost).toContain("darkPool.prints.0.ask");
    expect(lost).toContain("leaning.direction");
  });

  it("fails where a message tells of a quote as of another moment", async () => {
    for (const shiftMs of [-9_000, 1, 60_000]) {
      const { lost } = await probeWith({
        readMessage: (value) => {
          const read = readMarketDataMessage(value);
          if (!read.ok) return read;
          const quotes = read.value.quotes.map((quote) => ({
            ...quote,
            exchangeTimeMs: quote.exchangeTimeMs + shiftMs,
          }));
          return { ok: true, value: { ...read.value, quotes } };
        },
      }).probe();
      expect(lost).toContain("quote.exchangeTimeMs");
    }
  });

  it("fails below a score of 4, behind a raised gate and within limits of nothing", async () => {
    const { weights, gate, limits } = settingsWith();
    const low = { ...weights, options_flow: 0.1, dark_pool: 0.1 };
    expect(await probeWith({ settings: { weights: low } }).probe()).toMatchObject({
      stage: "score",
    });
    const high = { ...gate, thresholds: { base: 7, canary: 7, champion: 7 } };
    expect(await probeWith({ settings: { gate: high } }).probe()).toMatchObject({ stage: "gate" });
    const none = { ...limits, maxEntriesPerDay: 0 };
    expect(await probeWith({ settings: { limits: none } }).probe()).toMatchObject({
      stage: "guard",
    });
  });
});

describe("an order of the probe", () => {
  it("has an id that nobody reads, so that no message, report or command makes an order of it", () => {
    const moment = fc.integer({ min: NOW_MS, max: NOW_MS + 365 * 86_400_000 });
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 999 }), (nowMs, revision) => {
        const id = clientOrderIdOf({
          strategy: "core",
          account: PROBE_ACCOUNT,
          symbol: PROBE_SYMBOL,
          sessionDate: DATE,
          barTimeMs: probeMoment(nowMs).nowMs,
          side: "buy",
          leg: "entry",
          revision,
        });
        expect(parseClientOrderId(id)).toBeUndefined();
      }),
    );
  });

  it("finds no broker and no queue among what the probe is given", () => {
    type Reach = Extract<keyof ProbePipelineDeps, "broker" | "orders" | "exits" | "queues">;
    const none: [Reach] extends [never] ? true : false = true;
    expect(none).toBe(true);
  });
});
