import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeOf, SKEW_MAX_MS } from "./invariant.ts";

/** How long a request waits; said here again, so that no change of it goes unseen. */
const RESUME_WITHIN_MS = 15 * 60_000;

/** A request to resume, as somebody made it of the API. */
type Asked = { readonly by: string; readonly atMs: number };

/**
 * (11) Resuming takes two principals: whenever trading becomes active again, one has asked for it
 * within 15 minutes, since the last change of state, and another one has approved it. Only what a
 * takeover alone has stopped goes on by itself, once ledger and broker agree; and nothing that was
 * stopped otherwise becomes that. State, positions, orders and limits are then those that were asked
 * for. What is halted lets exits through only where somebody has asked
 * for everything to be closed.
 */
export const createResumingTakesTwo = (): Invariant => {
  let requests: readonly Asked[] = [];
  let approvals: readonly Asked[] = [];
  let closings: readonly Asked[] = [];
  /** What the newest request to resume was made on. */
  let shown: string | undefined;
  return {
    name: "resuming-takes-two",
    judge: judgeOf(["operatorAsked", "cellWritten"], (observation) => {
      const { atMs } = observation;
      if (observation.type === "operatorAsked") {
        const { act, by } = observation;
        if (act === "requestResume") requests = [...recent(requests, atMs), { by, atMs }];
        if (act === "approveResume") approvals = [...recent(approvals, atMs), { by, atMs }];
        if (act === "flatten") closings = [...recent(closings, atMs), { by, atMs }];
        return HOLDS;
      }
      const { before, after } = observation;
      if (before === undefined) return HOLDS;
      if (isAsked(before, after)) shown = shownOf(after);
      if (after.tradingState.mode !== "active") {
        return before === "damaged" ? HOLDS : judgeStopped(before, after, recent(closings, atMs));
      }
      if (before === "damaged") return broken("A rebuilt cell lets entries through at once.");
      if (before.tradingState.mode === "active") return HOLDS;
      if (before.reconciliation.state !== "clean") {
        return broken("Trading became active while ledger and broker were not known to agree.");
      }
      if (isTakenOver(before)) return HOLDS;
      const pair = pairOf(before, recent(requests, atMs), recent(approvals, atMs));
      if (!pair) return broken("Trading was resumed without two principals.");
      return shown === undefined || shown === shownOf(before)
        ? HOLDS
        : broken("Trading was resumed on another state than was asked for.");
    }),
  };
};

/** Whether a write holds a request to resume that was not there before. */
const isAsked = (before: ControlCell | "damaged", { resumeRequest }: ControlCell): boolean => {
  if (resumeRequest === null) return false;
  const known = before === "damaged" ? null : before.resumeRequest;
  return known?.by !== resumeRequest.by || known.atMs !== resumeRequest.atMs;
};

/** What two principals have to have looked at alike; said here again. */
const shownOf = (cell: ControlCell): string => {
  const { epoch, activeRegion, tradingState, limitsDigest, holdings, inFlight } = cell;
  const positions = Object.entries(holdings)
    .filter(([, { quantity }]) => quantity !== 0)
    .map(([symbol, { quantity }]) => `${symbol} ${quantity}`)
    .toSorted();
  const orders = Object.keys(inFlight).toSorted();
  return canonicalJson({ epoch, activeRegion, tradingState, limitsDigest, positions, orders });
};

/** What is stopped stays as tight as it was, unless people say otherwise. */
const judgeStopped = (
  before: ControlCell,
  after: ControlCell,
  closings: readonly Asked[],
): readonly Finding[] => {
  const { mode } = before.tradingState;
  if (mode !== "active" && !isTakenOver(before) && isTakenOver(after)) {
    return broken("What only people may end would end by itself as a takeover does.");
  }
  const isLoosened = mode === "halted" && after.tradingState.mode === "reducing";
  const isWished = after.tradingState.isFlattening && closings.length > 0;
  return isLoosened && !isWished
    ? broken("What was halted lets exits through, and nobody has asked for that.")
    : HOLDS;
};

/** Whether a takeover alone has stopped entries. */
const isTakenOver = ({ tradingState: { mode, by, isFlattening } }: ControlCell): boolean =>
  mode === "reducing" && by === "failover" && !isFlattening;

const recent = (asked: readonly Asked[], atMs: number): readonly Asked[] =>
  asked.filter((one) => atMs - one.atMs <= RESUME_WITHIN_MS + SKEW_MAX_MS);

/** Whether the request that the cell holds was somebody's, and somebody else has approved. */
const pairOf = (
  { resumeRequest }: ControlCell,
  requests: readonly Asked[],
  approvals: readonly Asked[],
): boolean => {
  if (resumeRequest === null) return false;
  const { by } = resumeRequest;
  return requests.some((one) => one.by === by) && approvals.some((one) => one.by !== by);
};
