import type { Cause } from "../../../domain/healing/finding.ts";
import type { RemedyName } from "../../../domain/healing/remedy.ts";
import type { Settings } from "../../../domain/settings.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Healing, SignedConfiguration } from "../../../ports/healing.ts";
import type { Telemetry } from "../../../ports/telemetry.ts";

/**
 * All that a remedy may touch. Neither the ledger nor a quote, a score, evidence, a limit or a
 * threshold is among it: what a remedy cannot reach it cannot loosen.
 */
export type RemedyReach = {
  readonly healing: Pick<Healing, "order">;
  readonly telemetry: Pick<Telemetry, "loadRollbacks" | "recordRollbacks">;
  readonly configuration?: SignedConfiguration | undefined;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Pick<Settings, "flags">;
};

/** A function that the workflow starts at once, because its next schedule may be a minute away. */
export type Wake = "pollFlow" | "reconcileOrders" | "redriveDeadLetters";

/** What a remedy did. */
export type Applied = {
  readonly detail: string;
  /** The function that does the rest of it; null where nothing is left to do. */
  readonly wake: Wake | null;
};

/** One way to mend something. What it throws is a failure of the remedy. */
export type Remedy = {
  readonly name: RemedyName;
  readonly mends: Cause;
  readonly apply: (subject: string, reach: RemedyReach) => Promise<Applied>;
  /** Takes back what did not help; absent where nothing was changed that could be. */
  readonly undo?: (subject: string, reach: RemedyReach) => Promise<void>;
};

/** An order to a running environment holds so long: environments look once in a minute. */
const ORDER_HOLDS_MS = 10 * 60_000;

/** Asks running environments for something, and says so. */
export const orderRepair = async (
  { healing, clock }: RemedyReach,
  order: { readonly kind: Parameters<Healing["order"]>[0]["kind"]; readonly subject: string },
  detail: string,
): Promise<Applied> => {
  const orderedAtMs = clock.nowMs();
  await healing.order({ ...order, orderedAtMs, untilMs: orderedAtMs + ORDER_HOLDS_MS });
  return { detail, wake: null };
};
