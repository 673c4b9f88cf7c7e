import { claimsMade } from "./facts.ts";
import { broken, HOLDS, type Invariant, judgeOf, SKEW_MAX_MS } from "./invariant.ts";

/**
 * Flow counts e^(-age / 45 minutes), and less than a quarter is too little to enter on: so old may it
 * be. Said here again, so that no change of it goes unseen.
 */
const FLOW_AGE_MAX_MS = 45 * 60_000 * Math.log(4);

/**
 * (17) An entry rests on fresh data: the newest price that any vendor had shown of its symbol when it
 * was claimed is no older than the limits allow, and the newest flow not so old that it counts for
 * less than a quarter. Ages are those of the vendors' own time stamps.
 */
export const restsOnFreshData: Invariant = {
  name: "rests-on-fresh-data",
  judge: judgeOf(["cellWritten"], (observation, { view }) => {
    const { before, after, actor } = observation;
    if (actor?.functionName !== "execute-orders" || typeof before !== "object") return HOLDS;
    return claimsMade(before, after).flatMap(({ purpose, symbol, claimedAtMs, clientOrderId }) => {
      if (purpose !== "entry") return HOLDS;
      const { quoteMs, flowMs } = view.shown(symbol);
      if (claimedAtMs - quoteMs > view.settings.limits.maxQuoteAgeMs + SKEW_MAX_MS) {
        return broken("An entry was claimed at a price that is too old.", clientOrderId);
      }
      return claimedAtMs - flowMs > FLOW_AGE_MAX_MS + DECIDING_MS + SKEW_MAX_MS
        ? broken("An entry was claimed on flow that is too old.", clientOrderId)
        : HOLDS;
    });
  }),
};

/** An entry is decided on what was known then, and may be claimed as long as it is valid. */
const DECIDING_MS = 12 * 60_000;
