import * as z from "zod/mini";
import { ModeBody, OrderCounts } from "./answer.ts";
import { TradingState } from "./trading-state.ts";

/** GET /api/region */
export const RegionBody = z.extend(ModeBody, {
  account: z.string(),
  region: z.string(),
  activeRegion: z.nullable(z.string()),
  epoch: z.nullable(z.number()),
  tradingState: z.nullable(TradingState),
  isTakeoverUnderWay: z.boolean(),
  reconciliation: z.nullable(z.object({ state: z.string() })),
  inFlight: z.number(),
  orders: OrderCounts,
  lease: z.nullable(z.object({ region: z.string(), epoch: z.number(), beat: z.number() })),
});

/** GET /api/drills */
export const DrillsBody = z.extend(ModeBody, {
  atMs: z.number(),
  drills: z.array(
    z.object({
      place: z.string(),
      endedAtMs: z.number(),
      ok: z.boolean(),
      totals: z.object({ failovers: z.number() }),
      rows: z.array(
        z.object({
          scenario: z.string(),
          from: z.string(),
          to: z.string(),
          doubled: z.number(),
          unguarded: z.number(),
          lost: z.number(),
          secondsToFence: z.nullable(z.number()),
          secondsToActive: z.nullable(z.number()),
          alerts: z.array(z.string()),
          differences: z.array(z.string()),
          ok: z.boolean(),
        }),
      ),
    }),
  ),
});

/** POST /api/failover and /api/failover/plan */
export const FailoverBody = z.extend(ModeBody, {
  account: z.string(),
  from: z.string(),
  to: z.string(),
  epoch: z.number(),
  tradingMode: z.string(),
  inFlight: z.number(),
  unknown: z.number(),
});
