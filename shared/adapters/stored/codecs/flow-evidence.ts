import * as z from "zod";
import type {
  DarkPoolPrint,
  FlowAlert,
  FlowEvidence,
  MarketTide,
} from "../../../domain/signals/flow.ts";
import { DirectionCodec, EpochMsCodec, MoneyCodec, PriceCodec, TickerCodec } from "./primitives.ts";

const flowAlertCodec = z
  .object({
    symbol: TickerCodec,
    contract: z.enum(["call", "put"]),
    strike: PriceCodec,
    expiry: z.string(),
    totalPremium: MoneyCodec,
    askSidePremium: MoneyCodec,
    bidSidePremium: MoneyCodec,
    isSweep: z.boolean(),
    isMultiLeg: z.boolean(),
    createdAtMs: EpochMsCodec.optional(),
  })
  .transform((alert): FlowAlert => ({ ...alert, createdAtMs: alert.createdAtMs }));

const darkPoolPrintCodec = z
  .object({
    symbol: TickerCodec,
    price: PriceCodec,
    size: z.number(),
    notional: MoneyCodec,
    bid: PriceCodec,
    ask: PriceCodec,
    isCanceled: z.boolean(),
    executedAtMs: EpochMsCodec.optional(),
  })
  .transform((print): DarkPoolPrint => ({ ...print, executedAtMs: print.executedAtMs }));

const observed = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ ...shape, observedAtMs: EpochMsCodec });

const shortsCodec = observed({
  shortInterestShare: z.number().optional(),
  daysToCover: z.number().optional(),
  failsToDeliver: z.number().optional(),
}).transform((shorts) => ({
  ...shorts,
  shortInterestShare: shorts.shortInterestShare,
  daysToCover: shorts.daysToCover,
  failsToDeliver: shorts.failsToDeliver,
}));

const calendarCodec = observed({
  daysToEarnings: z.number().optional(),
  hasFdaEvent: z.boolean(),
  economicEventCount: z.number(),
}).transform((calendar) => ({ ...calendar, daysToEarnings: calendar.daysToEarnings }));

const dailyCodec = z.object({
  insider: observed({
    direction: DirectionCodec,
    modifier: z.number(),
    tradeCount: z.number(),
  }).optional(),
  ivTermSkew: observed({ skew: z.number(), direction: DirectionCodec }).optional(),
  smileSlope: observed({ slope: z.number() }).optional(),
  eventAlignment: observed({ alignment: z.number() }).optional(),
  toxicity: observed({ toxicity: z.number() }).optional(),
  regime: observed({ regime: z.enum(["riskOn", "riskOff", "mixed"]) }).optional(),
  congress: observed({ direction: DirectionCodec, recentTradeCount: z.number() }).optional(),
  shorts: shortsCodec.optional(),
  institutional: observed({
    direction: DirectionCodec,
    holderCount: z.number(),
    valueShare: z.number(),
  }).optional(),
  calendar: calendarCodec.optional(),
  etfFlow: observed({ direction: DirectionCodec, strength: z.number() }).optional(),
  greeks: observed({ gammaExposure: z.number() }).optional(),
  failsToDeliver: observed({ quantity: z.number() }).optional(),
  ivRank: observed({ rank: z.number() }).optional(),
  openInterestChange: observed({ change: z.number(), direction: DirectionCodec }).optional(),
  squeeze: observed({ isHigh: z.boolean(), signCount: z.number() }).optional(),
});

/** The stored form, which has what is said once a day beside all else and not apart. */
export const toStoredFlow = ({ daily, ...rest }: FlowEvidence): object => ({ ...daily, ...rest });

/** The daily part is read from where it is stored: what else stands there is none of its fields. */
const withDaily = (document: unknown): unknown =>
  typeof document === "object" && document !== null ? { ...document, daily: document } : document;

/** Reads everything the flow vendor gave about one symbol; an absent field stays absent. */
export const FlowEvidenceCodec: z.ZodType<FlowEvidence> = z.preprocess(
  withDaily,
  z.object({
    symbol: TickerCodec,
    daily: dailyCodec,
    flowAlerts: observed({ alerts: z.array(flowAlertCodec) }).optional(),
    darkPool: observed({ prints: z.array(darkPoolPrintCodec) }).optional(),
    convictionHistory: observed({
      points: z.array(z.object({ conviction: z.number(), atMs: EpochMsCodec })),
    }).optional(),
  }),
);

/** What the vendor said of the market as a whole; an absent field is not known. */
export type TideRecord = { readonly marketTide?: MarketTide | undefined };

/** Reads what is known of the market as a whole. */
export const TideRecordCodec: z.ZodType<TideRecord> = z.object({
  marketTide: observed({ netCallPremium: MoneyCodec, netPutPremium: MoneyCodec }).optional(),
});
