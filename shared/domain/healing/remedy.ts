import type { Cause } from "./finding.ts";

/** Everything that may be done without a person; there is nothing else. */
export const REMEDY_NAMES = [
  "restoreConfiguration",
  "resetVendor",
  "retireEnvironment",
  "cleanDisk",
  "redriveDeadLetters",
  "rebuildCell",
  "refetchFlow",
  "switchFlagBack",
  "restartPolling",
  "settleUnknown",
] as const;

/** The name of one. */
export type RemedyName = (typeof REMEDY_NAMES)[number];

/** The remedy that mends a cause; `undefined` where only a person does. */
export const remedyFor = (cause: Cause): RemedyName | undefined => {
  switch (cause) {
    case "configurationDrift":
      return "restoreConfiguration";
    case "vendorFailing":
      return "resetVendor";
    case "environmentLeaking":
      return "retireEnvironment";
    case "diskFull":
      return "cleanDisk";
    case "deadLettersWaiting":
      return "redriveDeadLetters";
    case "cellDamaged":
      return "rebuildCell";
    case "flowStale":
      return "refetchFlow";
    case "flagHarmful":
      return "switchFlagBack";
    case "pollingStalled":
      return "restartPolling";
    case "ordersUnknown":
      return "settleUnknown";
    case "credentialsRefused":
    case "contractChanged":
    case "clockWrong":
    case "pipelineBroken":
    case "guardBroken":
    case "componentFailing":
      return undefined;
  }
};

/**
 * What came of one remedy. `applied`: not verified yet, and a failure for the budget's purposes
 * should nobody ever verify it. `cleared`: a stopped remedy may be used again, because a person says
 * so or because what it was for is over without it.
 */
export type HealingOutcome = "applied" | "helped" | "undone" | "failed" | "escalated" | "cleared";

/** One entry of the log of healing; the newest with an id counts. */
export type HealingRecord = {
  /** The same from the application of a remedy to its end. */
  readonly id: string;
  readonly atMs: number;
  /** Null where there was nothing to apply. */
  readonly remedy: RemedyName | null;
  readonly cause: Cause;
  readonly component: string;
  readonly subject: string;
  readonly outcome: HealingOutcome;
  /** One sentence without secrets. */
  readonly detail: string;
};

/**
 * Something that a running environment is asked to do with itself; it holds until `untilMs`, and
 * whoever has done it since `orderedAtMs` has nothing left to do.
 */
export type RepairOrder = {
  readonly kind: "resetVendor" | "retireEnvironment" | "cleanDisk" | "restartPolling";
  /** A vendor, a function, or a symbol. */
  readonly subject: string;
  readonly orderedAtMs: number;
  readonly untilMs: number;
};
