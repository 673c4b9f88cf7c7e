import type { Session } from "../../../shared/domain/market/calendar.ts";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import type { SessionDate } from "../../../shared/domain/market/session-date.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { calendarEvidenceOf } from "../../../shared/domain/signals/evidence/calendar-evidence.ts";
import { fundFlowLeanOf } from "../../../shared/domain/signals/evidence/fund-flow-lean.ts";
import { institutionalLeanOf } from "../../../shared/domain/signals/evidence/institutional-lean.ts";
import { squeezeOf } from "../../../shared/domain/signals/evidence/squeeze-signs.ts";
import { tradedLeanOf } from "../../../shared/domain/signals/evidence/traded-side.ts";
import type { DailyEvidence } from "../../../shared/domain/signals/flow.ts";
import {
  drawDrugDecisions,
  drawEconomicEvents,
  drawReferenceFacts,
  type ReferenceFacts,
} from "./reference-facts.ts";

const MODIFIER_MAX = 0.5;

/** The evidence that a symbol's facts are, all session long: what the adapter reads over HTTP. */
export const referenceEvidence = (symbol: Ticker, { opensAtMs }: Session): DailyEvidence => {
  const facts = drawReferenceFacts(symbol, opensAtMs);
  const { fails } = facts;
  const shorts = {
    shortInterestShare: facts.shortInterest.shares / facts.shortInterest.float,
    daysToCover: facts.shortInterest.daysToCover,
    failsToDeliver: fails.quantity,
    observedAtMs: startOf(facts.shortInterest.date),
  };
  const owners = institutionalLeanOf(facts.owners.list);
  const fund = fundFlowLeanOf(facts.fundDays);
  const calendars = {
    earnings: { dates: facts.earningsOn === undefined ? [] : [facts.earningsOn] },
    economicEvents: { atMs: drawEconomicEvents(opensAtMs) },
    drugDecisions: drawDrugDecisions([symbol], opensAtMs),
  };
  return {
    failsToDeliver: { quantity: fails.quantity, observedAtMs: startOf(fails.date) },
    shorts,
    squeeze: squeezeOf(shorts),
    calendar: calendarEvidenceOf(symbol, calendars, opensAtMs),
    insider: insiderOf(facts, opensAtMs),
    congress: congressOf(facts, opensAtMs),
    institutional: owners && { ...owners, observedAtMs: startOf(facts.owners.filedOn) },
    etfFlow: fund && { ...fund, observedAtMs: newestOf(facts.fundDays.map(({ date }) => date)) },
  };
};

const insiderOf = ({ insiders }: ReferenceFacts, nowMs: number): DailyEvidence["insider"] => {
  if (insiders.length === 0) return undefined;
  const { direction, clarity, tradeCount } = leanOf(insiders, nowMs);
  const observedAtMs = newestOf(insiders.map(({ filedOn }) => filedOn));
  return { direction, modifier: clarity * MODIFIER_MAX, tradeCount, observedAtMs };
};

const congressOf = ({ congress }: ReferenceFacts, nowMs: number): DailyEvidence["congress"] => {
  if (congress.length === 0) return undefined;
  const { direction, tradeCount } = leanOf(congress, nowMs);
  const observedAtMs = newestOf(congress.map(({ filedOn }) => filedOn));
  return { direction, recentTradeCount: tradeCount, observedAtMs };
};

const leanOf = (trades: ReferenceFacts["insiders"], nowMs: number) =>
  tradedLeanOf(
    trades.map(({ side, weight, tradedOn }) => ({ side, weight, tradedAtMs: startOf(tradedOn) })),
    nowMs,
  );

const startOf = (date: SessionDate): number => newYorkToEpochMs(date, 0);

const newestOf = (dates: readonly SessionDate[]): number => Math.max(...dates.map(startOf));
