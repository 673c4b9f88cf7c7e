import { moneyToFloat } from "../../market/money.ts";
import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of dark-pool prints: 0.5 to 1.3 by notional if they lean, else 0.2 if there are any. */
export const darkPool = ({ darkPool: leaning }: EnrichedFlow): number | undefined => {
  if (leaning === undefined) return undefined;
  if (leaning.direction === "neutral") return leaning.printCount > 0 ? 0.2 : 0;
  const notionalUsd = Math.max(1, moneyToFloat(leaning.notional));
  return 0.5 + Math.min(0.8, Math.log10(notionalUsd) / 7.5);
};
