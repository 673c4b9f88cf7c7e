import type { Ticker } from "../../domain/market/ticker.ts";
import { calendarEvidenceOf } from "../../domain/signals/evidence/calendar-evidence.ts";
import { squeezeOf } from "../../domain/signals/evidence/squeeze-signs.ts";
import type { DailyEvidence, FlowEvidence } from "../../domain/signals/flow.ts";
import type { EvidencePart } from "./evidence-part.ts";

/**
 * Everything that is known of a symbol, from what each endpoint said of it; `undefined` where
 * nothing is. What no endpoint said stays absent.
 */
export const assembleEvidence = (
  symbol: Ticker,
  flowAlerts: FlowEvidence["flowAlerts"],
  parts: readonly EvidencePart[],
  nowMs: number,
): FlowEvidence | undefined => {
  const said: EvidencePart = Object.assign({}, ...parts);
  // The tide is of no symbol.
  const { earnings, economicEvents, drugDecisions, darkPool, marketTide: _tide, ...known } = said;
  const shorts = shortsOf(said);
  const calendar = calendarEvidenceOf(symbol, { earnings, economicEvents, drugDecisions }, nowMs);
  const daily: DailyEvidence = {
    ...known,
    ...(shorts === undefined ? {} : { shorts, squeeze: squeezeOf(shorts) }),
    ...(calendar === undefined ? {} : { calendar }),
  };
  const lists = {
    ...(flowAlerts === undefined ? {} : { flowAlerts }),
    ...(darkPool === undefined ? {} : { darkPool }),
  };
  const isAnyKnown = Object.keys(daily).length + Object.keys(lists).length > 0;
  return isAnyKnown ? { symbol, daily, ...lists } : undefined;
};

/** Short interest and fails to deliver are two endpoints: one that is silent is not known. */
const shortsOf = ({ shorts, failsToDeliver }: EvidencePart): DailyEvidence["shorts"] => {
  const observed = shorts ?? failsToDeliver;
  if (observed === undefined) return undefined;
  return {
    shortInterestShare: shorts?.shortInterestShare,
    daysToCover: shorts?.daysToCover,
    failsToDeliver: failsToDeliver?.quantity,
    observedAtMs: observed.observedAtMs,
  };
};
