/** What was found to be wrong, by what is to be done about it. */
export const CAUSES = [
  "configurationDrift",
  "vendorFailing",
  "environmentLeaking",
  "diskFull",
  "deadLettersWaiting",
  "cellDamaged",
  "flowStale",
  "flagHarmful",
  "pollingStalled",
  "ordersUnknown",
  "credentialsRefused",
  "contractChanged",
  "clockWrong",
  "pipelineBroken",
  "guardBroken",
  "componentFailing",
] as const;

/** The name of one. */
export type Cause = (typeof CAUSES)[number];

/**
 * How it has to be met (S6): what passes is waited for and healed; configuration and schema need a
 * person; what could let risk through halts trading.
 */
export type FindingClass = "transient" | "configuration" | "schema" | "risk";

/** One thing that is wrong. */
export type Finding = {
  readonly cause: Cause;
  /** The component whose health it shows in. */
  readonly component: string;
  /** What of it: a vendor, a symbol, a flag, a function; empty where it is the whole. */
  readonly subject: string;
  /** One sentence without secrets. */
  readonly detail: string;
};

/** The class of a cause. */
export const classOf = (cause: Cause): FindingClass => {
  switch (cause) {
    case "vendorFailing":
    case "environmentLeaking":
    case "diskFull":
    case "deadLettersWaiting":
    case "flowStale":
    case "flagHarmful":
    case "pollingStalled":
    case "ordersUnknown":
    case "clockWrong":
    case "pipelineBroken":
    case "componentFailing":
      return "transient";
    case "configurationDrift":
    case "credentialsRefused":
      return "configuration";
    case "contractChanged":
      return "schema";
    case "cellDamaged":
    case "guardBroken":
      return "risk";
  }
};
