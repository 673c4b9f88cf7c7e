import * as z from "zod/mini";
import { Decimal, ModeBody } from "./answer.ts";

/** Whether and how an account trades, who said so, when and why. */
export const TradingState = z.object({
  mode: z.string(),
  reason: z.string(),
  by: z.string(),
  atMs: z.number(),
  isFlattening: z.boolean(),
  suspendAtBroker: z.boolean(),
});

const ResumeRequest = z.object({ by: z.string(), atMs: z.number(), snapshotHash: z.string() });

/** GET /api/trading/state */
export const TradingStateBody = z.extend(ModeBody, {
  account: z.string(),
  atMs: z.number(),
  tradingState: z.nullable(TradingState),
  resumeRequest: z.nullable(
    z.extend(ResumeRequest, { expiresAtMs: z.number(), isCurrent: z.boolean() }),
  ),
  snapshotHash: z.nullable(z.string()),
  held: z.record(z.string(), Decimal),
  inFlight: z.array(z.string()),
});

const ProvenBody = z.extend(ModeBody, {
  tradingState: TradingState,
  isProven: z.boolean(),
  left: z.array(z.string()),
  detail: z.string(),
});

/** POST /api/trading/halt */
export const HaltedBody = ProvenBody;

/** POST /api/trading/flatten */
export const FlattenedBody = z.extend(ProvenBody, { exits: z.array(z.string()) });

/** POST /api/trading/resume/request */
export const ResumeRequestedBody = z.extend(ModeBody, {
  request: ResumeRequest,
  expiresAtMs: z.number(),
  snapshot: z.unknown(),
});

/** POST /api/trading/resume/approve */
export const ResumedBody = z.extend(ModeBody, {
  tradingState: TradingState,
  snapshotHash: z.string(),
  snapshot: z.unknown(),
});

/** POST /api/reconcile */
export const ReconciledBody = z.extend(ModeBody, {
  isClean: z.boolean(),
  settled: z.number(),
  unknownLeft: z.number(),
  cancelled: z.number(),
  differences: z.array(z.string()),
});
