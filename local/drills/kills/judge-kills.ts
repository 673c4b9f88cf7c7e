import type { KillDrill } from "./drill-kills.ts";

/**
 * Whether a kill drill held, of which so many lives were to end at all, and so many of them at
 * work. A world that never began to trade left nothing behind that could be wrong.
 */
export const judgeKills = (
  drill: Omit<KillDrill, "ok">,
  wished: { readonly kills: number; readonly killsAtWork: number },
): boolean =>
  drill.kills === wished.kills &&
  (drill.killsAtWork > 0 || wished.killsAtWork === 0) &&
  drill.tradesAgain &&
  drill.ordersSent > 0 &&
  drill.duplicates === 0 &&
  drill.unguarded === 0 &&
  drill.unknownLeft === 0 &&
  drill.ledgerEqualsBroker;
