/** What came of a call. */
export type Outcome =
  /** An answer; a business answer ("no such symbol") is one too: the vendor works. */
  | { readonly type: "success"; readonly durationMs: number }
  | {
      readonly type: "failure";
      readonly durationMs: number;
      /** The vendor said when to come back, epoch ms. */
      readonly retryAtMs?: number;
    }
  /**
   * Another vendor, asked later, answered first. By itself that is slowness; several in a row are a
   * vendor that hangs, which no time-out would show, because nobody waits for it any longer.
   */
  | { readonly type: "overtaken"; readonly durationMs: number }
  /** Given up for a reason that says nothing about the vendor. */
  | { readonly type: "abandoned" };

/** An outcome that says something. */
export type TellingOutcome = Exclude<Outcome, { type: "abandoned" }>;

/** Whether a call took longer than `slowMs`, or than anybody waited. */
export const isSlow = (outcome: TellingOutcome, slowMs: number): boolean =>
  outcome.type === "overtaken" || outcome.durationMs > slowMs;
