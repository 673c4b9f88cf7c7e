import { createHash } from "node:crypto";
import { assert } from "../domain/assert.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { moneyFromFloat, type Money } from "../domain/market/money.ts";
import { priceFromFloat, type Price } from "../domain/market/price.ts";
import { DEFAULT_VALIDATION_POLICY } from "../domain/market/validate-quote.ts";
import type { QuietHours } from "../domain/alerts/quiet-hours.ts";
import type { Limits } from "../domain/risk/limits.ts";
import type { Mode, Settings } from "../domain/settings.ts";
import { DEFAULT_ENRICHMENT_POLICY } from "../domain/signals/enrich-flow.ts";
import { DEFAULT_ENTRY_POLICY } from "../domain/signals/entry-rule.ts";
import { DEFAULT_WEIGHTS, type ComponentName, type Weights } from "../domain/signals/weights.ts";
import type { Configuration } from "./configuration-schema.ts";

/** Turns a validated configuration into the domain's settings, for one mode and Region. */
export const toSettings = (
  configuration: Configuration,
  world: { readonly mode: Mode; readonly region: string },
): Settings => {
  const { scoring, entry, exit, validation, marketData } = configuration;
  const limits = toLimits(configuration.limits);
  return {
    ...world,
    account: configuration.account,
    strategy: configuration.strategy,
    symbols: configuration.symbols,
    shardSize: configuration.shardSize,
    validation: {
      ...DEFAULT_VALIDATION_POLICY,
      priceMin: toPrice(validation.priceMinUsd),
      priceMax: toPrice(validation.priceMaxUsd),
      spreadMaxRatio: validation.spreadMaxPct / 100,
      ageMaxMs: validation.quoteAgeMaxSeconds * 1_000,
      changeMaxRatio: validation.changeMaxPct / 100,
      vendorsToAgree: marketData.vendorsToAgree,
      consensusRatio: marketData.agreementPct / 100,
    },
    marketData: {
      vendors: marketData.vendors,
      alpacaFeed: marketData.alpacaFeed,
      deadlineMs: marketData.deadlineMs,
      symbolRequestsMax: marketData.symbolRequestsMax,
      requestsPerMinute: marketData.requestsPerMinute,
      requestCost: marketData.requestCost,
    },
    flags: configuration.flags,
    enrichment: DEFAULT_ENRICHMENT_POLICY,
    weights: toWeights(scoring.weights),
    tier: scoring.tier,
    gate: {
      thresholds: scoring.thresholds,
      toxicityMax: scoring.toxicityMax,
      freshnessMin: scoring.freshnessMin,
    },
    entry: {
      ...DEFAULT_ENTRY_POLICY,
      targetNotional: toMoney(entry.targetNotionalUsd),
      orderNotionalMax: limits.maxNotionalPerOrder,
      collarRatio: entry.limitCollarPct / 100,
      stopRatio: exit.stopPct / 100,
      targetRatio: exit.targetPct / 100,
      allowShortSelling: limits.allowShortSelling,
    },
    exit: {
      stopRatio: exit.stopPct / 100,
      targetRatio: exit.targetPct / 100,
      holdingMaxMs: exit.holdingMaxMinutes * 60_000,
      reversalScoreMin: exit.reversalScoreMin,
      beforeCloseMs:
        exit.beforeCloseMinutes === null ? undefined : exit.beforeCloseMinutes * 60_000,
    },
    entryValidMs: entry.validSeconds * 1_000,
    exitValidMs: exit.validSeconds * 1_000,
    limits,
    limitsDigest: digestOf(limits),
    recordTicks: configuration.recording.ticks,
    logLevel: configuration.logLevel,
    quietHours: toQuietHours(configuration.alerts.quietHours),
  };
};

/** The quiet hours as the use cases are given them. */
export const toQuietHours = (
  hours: Configuration["alerts"]["quietHours"],
): QuietHours | undefined =>
  hours === null ? undefined : { startsAtMs: toMsOfDay(hours.from), endsAtMs: toMsOfDay(hours.to) };

const toMsOfDay = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
};

/** SHA-256, in hexadecimal, of canonical JSON, so that equal limits have equal digests. */
const digestOf = (limits: Limits): string =>
  createHash("sha256").update(canonicalJson(limits)).digest("hex");

const toLimits = (limits: Configuration["limits"]): Limits => ({
  maxPositionSize: toMoney(limits.maxPositionSizeUsd),
  maxNotionalPerOrder: toMoney(limits.maxNotionalPerOrderUsd),
  maxPortfolioExposurePct: limits.maxPortfolioExposurePct,
  maxConcentrationPerSymbolPct: limits.maxConcentrationPerSymbolPct,
  maxPriceDeviationPct: limits.maxPriceDeviationPct,
  minCooldownMinutes: limits.minCooldownMinutes,
  maxEntriesPerDay: limits.maxEntriesPerDay,
  maxInFlight: limits.maxInFlight,
  maxQuoteAgeMs: limits.maxQuoteAgeSeconds * 1_000,
  maxAccountAgeMs: limits.maxAccountAgeSeconds * 1_000,
  allowShortSelling: limits.allowShortSelling,
  maxDailyLossPct: limits.maxDailyLossPct,
  maxDrawdownPct: limits.maxDrawdownPct,
  rejectsToLatch: limits.rejectsToLatch,
});

const toWeights = (changes: Configuration["scoring"]["weights"]): Weights => {
  const weights: Record<ComponentName, number> = { ...DEFAULT_WEIGHTS };
  for (const name of Object.keys(DEFAULT_WEIGHTS) as readonly ComponentName[]) {
    weights[name] = changes[name] ?? weights[name];
  }
  return weights;
};

const toMoney = (usd: number): Money => {
  const money = moneyFromFloat(usd);
  assert(money !== undefined, "An amount within the schema's bounds can be held.");
  return money;
};

const toPrice = (usd: number): Price => {
  const price = priceFromFloat(usd);
  assert(price !== undefined, "A price within the schema's bounds can be held.");
  return price;
};
