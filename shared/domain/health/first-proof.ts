import type { Session } from "../market/calendar.ts";
import type { ComponentRule } from "./component-registry.ts";
import type { Unproven } from "./system-health.ts";

/** The moment at which a first proof is waited for. */
type Waiting = {
  /** When it was first seen that nothing was ever proven, epoch ms. */
  readonly sinceMs: number;
  readonly nowMs: number;
  /** The session that is open at `nowMs`; `undefined` while the market is closed. */
  readonly openSession: Session | undefined;
};

/**
 * Whether a component that has never proven anything should have by now. It has as long as between
 * two proofs, from when it was first looked for or, where it works in market hours, from the open
 * on: whoever starts is not silent yet, and whoever never starts is silent from then on.
 */
export const firstProofOf = (
  { duty, evidenceAgeMaxMs }: Pick<ComponentRule, "duty" | "evidenceAgeMaxMs">,
  { sinceMs, nowMs, openSession }: Waiting,
): Unproven => {
  switch (duty.type) {
    case "always":
      return { sinceMs, isOverdue: nowMs - sinceMs > evidenceAgeMaxMs };
    case "marketHours": {
      const dueFromMs = Math.max(sinceMs, openSession?.opensAtMs ?? Infinity);
      return { sinceMs, isOverdue: nowMs - dueFromMs > evidenceAgeMaxMs };
    }
    // Only what was handed over and has waited too long makes such a one unknown.
    case "afterWork":
    case "onceBegun":
    case "onlyTrouble":
      return { sinceMs, isOverdue: true };
  }
};
