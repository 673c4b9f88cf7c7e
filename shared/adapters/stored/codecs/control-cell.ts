import * as z from "zod";
import type { ControlCell } from "../../../domain/risk/control-cell.ts";
import { ProtectionCodec } from "./order-intent.ts";
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
  isFlattening: z.boolean(),
  suspendAtBroker: z.boolean(),
});

const resumeRequestCodec = z.strictObject({
  by: z.string(),
  atMs: EpochMsCodec,
  snapshotHash: z.string(),
});

const rejectCountCodec = z.strictObject({
  symbol: TickerCodec,
  code: z.string(),
  count: z.int().min(1),
  lastAtMs: EpochMsCodec,
});

const reconciliationCodec = z.strictObject({
  state: z.enum(["never", "unverified", "clean"]),
  cleanAtMs: EpochMsCodec.nullable(),
  restoredAsOfMs: EpochMsCodec.optional(),
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
  maxDailyLossPct: z.number(),
  maxDrawdownPct: z.number(),
  rejectsToLatch: z.number(),
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
  rejects: z.array(rejectCountCodec),
});

const openHoldingCodec = z.strictObject({
  quantity: QuantityCodec.refine((quantity) => quantity !== 0),
  averagePrice: PriceCodec,
  openedAtMs: EpochMsCodec,
  lastEntryAtMs: EpochMsCodec.nullable(),
});

const flatHoldingCodec = z.strictObject({
  quantity: QuantityCodec.refine((quantity) => quantity === 0),
  averagePrice: z.null(),
  openedAtMs: z.null(),
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
  stage: z.enum(["claimed", "working", "unknown", "protecting"]),
  claimedAtMs: EpochMsCodec,
  submitByMs: EpochMsCodec,
  validUntilMs: EpochMsCodec,
  protection: ProtectionCodec.nullable(),
  closed: QuantityCodec,
  closedPrice: PriceCodec.nullable(),
  liveLegIds: z.array(z.string()),
  entryBeforeMs: EpochMsCodec.nullable(),
  absentSinceMs: EpochMsCodec.nullable(),
});

/**
 * Reads a control cell of schema version 3. An unknown or missing field is refused: a cell that is
 * not wholly understood must not decide about orders.
 */
export const ControlCellCodec: z.ZodType<ControlCell> = z.strictObject({
  schemaVersion: z.literal(3),
  account: z.string(),
  version: z.int().min(1),
  epoch: z.int().min(1),
  activeRegion: z.string(),
  tradingState: tradingStateCodec,
  resumeRequest: resumeRequestCodec.nullable(),
  reconciliation: reconciliationCodec,
  limits: limitsCodec,
  limitsDigest: z.string(),
  accountReading: accountReadingCodec.nullable(),
  cashFlow: MoneyCodec,
  peakEquity: MoneyCodec.nullable(),
  day: dayCountersCodec.nullable(),
  holdings: z.record(z.string(), z.union([openHoldingCodec, flatHoldingCodec])),
  inFlight: z
    .record(z.string(), claimCodec)
    .refine((claims) => Object.entries(claims).every(([id, claim]) => id === claim.clientOrderId)),
});
