import * as z from "zod";
import type { ScoreRecord } from "../../../domain/signals/score-record.ts";
import { DirectionCodec, EpochMsCodec, TickerCodec } from "./primitives.ts";

/** Reads what a scoring run decided about one symbol. */
export const ScoreRecordCodec: z.ZodType<ScoreRecord> = z.object({
  symbol: TickerCodec,
  atMs: EpochMsCodec,
  score: z.number(),
  direction: DirectionCodec,
  conviction: z.number(),
  freshness: z.number(),
  components: z.array(z.object({ name: z.string(), value: z.number() })),
  missing: z.array(z.string()),
  gateReasons: z.array(z.string()),
  outcome: z.string(),
  basis: z.literal("basicIndicators").optional(),
});
