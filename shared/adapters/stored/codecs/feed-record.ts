import * as z from "zod";
import { DATA_MODES } from "../../../domain/market/data-mode.ts";
import type { FeedRecord } from "../../../domain/market/feed-record.ts";
import { EpochMsCodec } from "./primitives.ts";

const countCodec = z.number().min(0).default(0);
const shareCodec = z.number().min(0).max(1);

/** Reads where a shard's market data came from. */
export const FeedRecordCodec: z.ZodType<FeedRecord> = z.object({
  atMs: EpochMsCodec,
  dataMode: z.enum(DATA_MODES),
  vendors: z.array(
    z.object({
      vendor: z.enum(["alpaca", "polygon", "yahoo", "tiingo", "recorded"]),
      outcome: z.enum(["answered", "failed", "refused", "notNeeded"]),
      reason: z.string(),
      latencyMs: z.number().nullable(),
      quoteAgeMs: z.number().nullable(),
      failureShare: shareCodec,
      oddShare: shareCodec,
      // Records from before they were measured say nothing of them.
      p50Ms: z.number().nullable().default(null),
      p95Ms: z.number().nullable().default(null),
      requestsLeft: countCodec,
      requestsPerMinute: countCodec,
      answers: countCodec,
      answersOverKept: countCodec,
    }),
  ),
});
