import * as z from "zod";
import { REMEDY_NAMES } from "../../shared/domain/healing/remedy.ts";
import { FAILURES } from "../../shared/domain/chaos/chaos-mode.ts";
import { CHAOS_MINUTES_MAX } from "../../shared/use-cases/control-chaos.ts";

const Reason = z.string().trim().min(1).max(300);

/** POST /api/trading/halt: why, in words that everybody will read. */
export const Halt = z.strictObject({ reason: Reason });

/** POST /api/trading/flatten. */
export const Flatten = z.strictObject({
  reason: Reason,
  suspendAtBroker: z.boolean().default(false),
});

/** POST /api/trading/resume/approve: the digest of what the first principal has asked for. */
export const Approval = z.strictObject({ snapshotHash: z.string().regex(/^[0-9a-f]{64}$/) });

/** POST /api/failover and /api/failover/plan: `to` is the Region that is asked. */
export const Failover = z.strictObject({
  to: z.string().regex(/^[a-z0-9-]{2,32}$/),
  reason: Reason,
  isPlanned: z.boolean().default(false),
});

/** POST /api/chaos/inject: it ends by itself. */
export const InjectChaos = z.strictObject({
  failure: z.enum(FAILURES),
  minutes: z.int().min(1).max(CHAOS_MINUTES_MAX).default(15),
});

/** POST /api/sre/resume: the remedy that may be used again. */
export const ResumeRemedy = z.strictObject({ remedy: z.enum(REMEDY_NAMES) });

/**
 * POST /api/reconcile: `adopt` takes over positions that nothing explains, and gives up orders that
 * the broker had and denies.
 */
export const Reconcile = z
  .strictObject({ adopt: z.boolean().default(false) })
  .default({ adopt: false });
