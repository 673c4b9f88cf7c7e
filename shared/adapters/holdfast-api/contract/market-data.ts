import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/quotes */
export const QuotesBody = z.extend(ModeBody, {
  quotes: z.array(z.object({ symbol: z.string(), ageMs: z.number() })),
});

/** GET /api/vendors */
export const VendorsBody = z.extend(ModeBody, {
  atMs: z.number(),
  dataMode: z.nullable(z.string()),
  keptAtMs: z.nullable(z.number()),
  vendors: z.array(
    z.object({
      vendor: z.string(),
      use: z.string(),
      outcome: z.string(),
      reason: z.string(),
      p50Ms: z.nullable(z.number()),
      p95Ms: z.nullable(z.number()),
      dataAgeMs: z.nullable(z.number()),
      score: z.number(),
      agreement: z.number(),
      prices: z.number(),
      confirms: z.number(),
      requestsUsed: z.number(),
      requestsPerMinute: z.number(),
      answers: z.number(),
      answersOverKept: z.number(),
      breaker: z.string(),
      probesAtMs: z.nullable(z.number()),
    }),
  ),
});

/** GET /api/breakers */
export const BreakersBody = z.extend(ModeBody, {
  atMs: z.number(),
  breakers: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      sinceMs: z.nullable(z.number()),
      failuresInARow: z.number(),
      trips: z.number(),
      reason: z.nullable(z.string()),
      nextProbeMs: z.nullable(z.number()),
      probesOut: z.number(),
      probesSucceeded: z.number(),
      calls: z.number(),
      failureShare: z.nullable(z.number()),
      slowShare: z.nullable(z.number()),
    }),
  ),
  transitions: z.array(
    z.object({
      name: z.string(),
      from: z.string(),
      to: z.string(),
      atMs: z.number(),
      reason: z.nullable(z.string()),
    }),
  ),
});
