import type { VendorFaultClass } from "../../ports/vendor-fault.ts";

/** The class of a failure that a vendor tells in words, as within an answer of status 200. */
export const classOfWords = (words: string): VendorFaultClass => {
  if (LIMIT.test(words)) return "RATE_LIMIT";
  return REFUSAL.test(words) ? "AUTH_ERROR" : "UNKNOWN";
};

const LIMIT = /too many|exceeded|run over|allocation|rate limit/i;
const REFUSAL = /not.?authorized|not.?entitled|unauthorized|unknown api key|invalid token/i;
