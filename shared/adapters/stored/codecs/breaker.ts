import * as z from "zod";
import type { Breaker } from "../../../domain/breaker/breaker.ts";
import type { BreakerTransition } from "../../../domain/breaker/transition.ts";
import { EpochMsCodec } from "./primitives.ts";

const CountCodec = z.number().min(0);

const WindowCodec = z.object({
  startedAtMs: EpochMsCodec,
  calls: CountCodec,
  failures: CountCodec,
  slow: CountCodec,
  callsBefore: CountCodec,
  failuresBefore: CountCodec,
  slowBefore: CountCodec,
});

const shared = { generation: z.int().min(0), trips: z.int().min(0), sinceMs: EpochMsCodec };

const OpenReasonCodec = z.enum([
  "failuresInARow",
  "failureShare",
  "slowShare",
  "vendorSaidWait",
  "probeFailed",
]);

/** Reads a breaker as it was stored. */
export const BreakerCodec: z.ZodType<Breaker> = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("closed"),
    ...shared,
    failuresInARow: z.int().min(0),
    window: WindowCodec,
    rampUntilMs: EpochMsCodec,
  }),
  z.object({
    state: z.literal("open"),
    ...shared,
    untilMs: EpochMsCodec,
    reason: OpenReasonCodec,
  }),
  z.object({
    state: z.literal("halfOpen"),
    ...shared,
    successes: z.int().min(0),
    leases: z.array(z.object({ number: z.int().min(1), untilMs: EpochMsCodec })).max(100),
    nextLease: z.int().min(1),
  }),
]);

const StateCodec = z.enum(["closed", "open", "halfOpen"]);

/** Reads a breaker's change of state. */
export const BreakerTransitionCodec: z.ZodType<BreakerTransition> = z.object({
  name: z.string(),
  from: StateCodec,
  to: StateCodec,
  generation: z.int().min(0),
  atMs: EpochMsCodec,
  reason: OpenReasonCodec.nullable(),
  untilMs: EpochMsCodec.nullable(),
});
