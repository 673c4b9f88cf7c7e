import type { Failure } from "./chaos-mode.ts";

/** A failure that was caused on purpose; times are epoch ms. */
export type ChaosRecord = {
  readonly failure: Failure;
  readonly by: string;
  readonly beganAtMs: number;
  /** It ends by itself then: nobody has to remember it. */
  readonly endsAtMs: number;
  /** When somebody ended it sooner; null where nobody did. */
  readonly clearedAtMs: number | null;
};

/** When a failure was over; null while it lasts. */
export const endOf = (
  { endsAtMs, clearedAtMs }: Pick<ChaosRecord, "endsAtMs" | "clearedAtMs">,
  nowMs: number,
): number | null => clearedAtMs ?? (endsAtMs <= nowMs ? endsAtMs : null);
