import * as z from "zod";
import type { ControlCell } from "../../../domain/risk/control-cell.ts";
import {
  ClientOrderIdCodec,
  EpochMsCodec,
  MoneyCodec,
  PriceCodec,
  PurposeCodec,
  QuantityCodec,
  SessionDateCodec,
  SideCodec,
  TickerCodec,
} from "./primitives.ts";

const tradingStateCodec = z.strictObject({
  mode: z.enum(["active", "reducing", "halted"]),
  reason: z.string(),
  by: z.string(),
  atMs: EpochMsCodec,
});

const reconciliationCodec = z.strictObject({
  state: z.enum(["never", "unverified", "clean"]),
  cleanAtMs: EpochMsCodec.nullable(),
});

const limitsCodec = z.strictObject({
  maxPositionSize: MoneyCodec,
  maxNotionalPerOrder: MoneyCodec,
  maxPortfolioExposurePct: z.number(),
  maxConcentrationPerSymbolPct: z.number(),
  maxPriceDeviationPct: z.number(),
  minCooldownMinutes: z.number(),
  maxEntriesPerDay: z.number(),
  maxInFlight: z.number(),
  maxQuoteAgeMs: z.number(),
  maxAccountAgeMs: z.number(),
  allowShortSelling: z.boolean(),
});

const accountReadingCodec = z.strictObject({
  equity: MoneyCodec,
  cash: MoneyCodec,
  buyingPower: MoneyCodec,
  observedAtMs: EpochMsCodec,
});

const dayCountersCodec = z.strictObject({
  sessionDate: SessionDateCodec,
  entries: z.int().min(0),
  exits: z.int().min(0),
  startingEquity: MoneyCodec.nullable(),
  realizedProfit: MoneyCodec,
});

const holdingCodec = z.strictObject({
  quantity: QuantityCodec,
  averagePrice: PriceCodec.nullable(),
  openedAtMs: EpochMsCodec.nullable(),
  lastEntryAtMs: EpochMsCodec.nullable(),
});

const claimCodec = z.strictObject({
  clientOrderId: ClientOrderIdCodec,
  claimId: z.string(),
  epoch: z.int().min(0),
  symbol: TickerCodec,
  side: SideCodec,
  purpose: PurposeCodec,
  quantity: QuantityCodec,
  filled: QuantityCodec,
  filledPrice: PriceCodec.nullable(),
  price: PriceCodec,
  stage: z.enum(["claimed", "working", "unknown"]),
  claimedAtMs: EpochMsCodec,
  submitByMs: EpochMsCodec,
  entryBeforeMs: EpochMsCodec.nullable(),
  absentSinceMs: EpochMsCodec.nullable(),
});

/**
 * Reads a control cell of schema version 1. An unknown or missing field is refused: a cell that is
 * not wholly understood must not decide about orders.
 */
export const ControlCellCodec: z.ZodType<ControlCell> = z.strictObject({
  schemaVersion: z.literal(1),
  account: z.string(),
  version: z.int().min(1),
  epoch: z.int().min(1),
  activeRegion: z.string(),
  tradingState: tradingStateCodec,
  reconciliation: reconciliationCodec,
  limits: limitsCodec,
  limitsDigest: z.string(),
  accountReading: accountReadingCodec.nullable(),
  day: dayCountersCodec.nullable(),
  holdings: z.record(z.string(), holdingCodec),
  inFlight: z
    .record(z.string(), claimCodec)
    .refine((claims) => Object.entries(claims).every(([id, claim]) => id === claim.clientOrderId)),
});
