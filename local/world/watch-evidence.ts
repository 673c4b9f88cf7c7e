import type { Telemetry } from "../../shared/ports/telemetry.ts";

/** What watches the evidence of health. */
export type EvidenceWatch = {
  /** Called when something said that its work failed, or failed without a word. */
  readonly onFailed: () => void;
};

/** The same telemetry, telling of evidence that says that something failed, once it is stored. */
export const watchEvidence = (telemetry: Telemetry, { onFailed }: EvidenceWatch): Telemetry => ({
  ...telemetry,
  recordEvidence: async (evidence) => {
    await telemetry.recordEvidence(evidence);
    if (!evidence.succeeded || evidence.fault !== null) onFailed();
  },
});
