import { usageFault, type VerbInput } from "../verb.ts";

const REASON_MAX = 300;

/** The reason that was typed; a state without a reason helps nobody at three in the morning. */
export const readReason = ({ options }: VerbInput): string => {
  const reason = String(options["reason"] ?? "").trim();
  if (reason.length > 0 && reason.length <= REASON_MAX) return reason;
  throw usageFault(`--reason takes 1 to ${REASON_MAX} characters that say why.`);
};
