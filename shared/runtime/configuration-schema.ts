import * as z from "zod";
import { PROBE_ACCOUNT } from "../domain/probe/probe-account.ts";
import { DEFAULT_WEIGHTS, type ComponentName } from "../domain/signals/weights.ts";
import { SymbolText } from "./symbol-text.ts";

const Name = z.string().regex(/^[a-z0-9]{1,16}$/);
const Percent = z.number().min(0).max(100);
const Usd = z.number().min(0).max(1_000_000_000);
const Seconds = z.number().min(1).max(86_400);
const Count = z.int().min(0).max(10_000);

const Symbols = z
  .array(SymbolText)
  .min(1)
  .max(1_000)
  .refine((symbols) => new Set(symbols).size === symbols.length, "Each symbol stands once.");

const Validation = z.strictObject({
  priceMinUsd: z.number().min(0.0001).max(10_000).default(1),
  priceMaxUsd: z.number().min(1).max(1_000_000).default(10_000),
  spreadMaxPct: Percent.default(5),
  quoteAgeMaxSeconds: Seconds.default(90),
  changeMaxPct: Percent.default(10),
});

const Vendor = z.enum(["alpaca", "polygon", "yahoo", "tiingo"]);
const Requests = z.int().min(0).max(100_000);
const Cost = z.number().min(0).max(1_000);

const MarketData = z.strictObject({
  vendors: z
    .array(Vendor)
    .min(1)
    .max(4)
    .refine((vendors) => new Set(vendors).size === vendors.length, "Each vendor stands once.")
    .default(["alpaca", "polygon", "tiingo", "yahoo"]),
  vendorsToAgree: z.union([z.literal(1), z.literal(2)]).default(2),
  agreementPct: z.number().min(0.01).max(5).default(0.5),
  alpacaFeed: z.enum(["sip", "iex", "delayed_sip"]).default("iex"),
  deadlineMs: z.int().min(250).max(15_000).default(4_000),
  symbolRequestsMax: z.int().min(0).max(100).default(20),
  requestsPerMinute: z
    .strictObject({
      alpaca: Requests.default(100),
      polygon: Requests.default(100),
      yahoo: Requests.default(60),
      tiingo: Requests.default(60),
    })
    .prefault({}),
  requestCost: z
    .strictObject({
      alpaca: Cost.default(1),
      polygon: Cost.default(1),
      yahoo: Cost.default(1),
      tiingo: Cost.default(1),
    })
    .prefault({}),
});

const Flag = z.strictObject({
  percent: Percent,
  /** Rolled back, to nobody, when health worsens while it is on. */
  rollBack: z.boolean().default(true),
});

const Flags = z.strictObject({
  hedgedReads: Flag.prefault({ percent: 100 }),
  vendorScores: Flag.prefault({ percent: 100 }),
});

const Threshold = z.number().min(0).max(8);
const Thresholds = z.strictObject({
  base: Threshold.default(2.7),
  canary: Threshold.default(2.9),
  champion: Threshold.default(3.2),
});

const Weight = z.number().min(-10).max(10).optional();
const componentNames = Object.keys(DEFAULT_WEIGHTS) as readonly ComponentName[];
const WeightsPart = z.strictObject(
  Object.fromEntries(componentNames.map((name) => [name, Weight])) as Record<
    ComponentName,
    typeof Weight
  >,
);

const Scoring = z.strictObject({
  tier: z.enum(["base", "canary", "champion"]).default("base"),
  thresholds: Thresholds.prefault({}),
  toxicityMax: z.number().min(0).max(1).default(0.9),
  freshnessMin: z.number().min(0).max(1).default(0.25),
  weights: WeightsPart.prefault({}),
});

const Entry = z.strictObject({
  targetNotionalUsd: Usd.default(500),
  limitCollarPct: Percent.default(0.1),
  validSeconds: Seconds.default(60),
});

const Exit = z.strictObject({
  stopPct: Percent.default(2),
  targetPct: Percent.default(4),
  holdingMaxMinutes: z.number().min(1).max(100_000).default(240),
  reversalScoreMin: Threshold.default(2.7),
  beforeCloseMinutes: z.number().min(0).max(390).nullable().default(10),
  validSeconds: Seconds.default(300),
});

const LimitsPart = z.strictObject({
  maxPositionSizeUsd: Usd.default(500),
  maxNotionalPerOrderUsd: Usd.default(2_000),
  maxPortfolioExposurePct: Percent.default(30),
  maxConcentrationPerSymbolPct: Percent.default(15),
  maxPriceDeviationPct: Percent.default(5),
  minCooldownMinutes: z.number().min(0).max(10_000).default(5),
  maxEntriesPerDay: Count.default(200),
  maxInFlight: z.int().min(1).max(64).default(64),
  maxQuoteAgeSeconds: Seconds.default(90),
  maxAccountAgeSeconds: Seconds.default(150),
  maxDailyLossPct: z.number().positive().max(100).default(3),
  maxDrawdownPct: z.number().positive().max(100).default(10),
  rejectsToLatch: z.int().min(1).max(100).default(3),
  allowShortSelling: z.boolean().default(false),
});

/** `22:30`, as New York's clocks show it. */
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "A time of day looks like 22:30.");

/** What people are told, and when. */
const AlertsPart = z.strictObject({
  quietHours: z.strictObject({ from: TimeOfDay, to: TimeOfDay }).nullable().default(null),
});

/** The configuration file: every key, its bounds and its default; unknown keys are errors. */
export const Configuration = z.strictObject({
  version: z.literal(1),
  account: Name.refine(
    (name) => name !== PROBE_ACCOUNT,
    "The probe's account trades nothing.",
  ).default("main"),
  strategy: Name.default("core"),
  symbols: Symbols,
  shardSize: z.int().min(1).max(100).default(100),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info"),
  validation: Validation.prefault({}),
  recording: z.strictObject({ ticks: z.boolean().default(true) }).prefault({}),
  marketData: MarketData.prefault({}),
  flags: Flags.prefault({}),
  scoring: Scoring.prefault({}),
  entry: Entry.prefault({}),
  exit: Exit.prefault({}),
  limits: LimitsPart.prefault({}),
  alerts: AlertsPart.prefault({}),
});

/** A validated configuration with its defaults. */
export type Configuration = z.output<typeof Configuration>;
