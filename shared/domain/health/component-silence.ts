import type { Facts } from "./component-facts.ts";
import type { ComponentInput } from "./component-input.ts";
import type { Evidence } from "./evidence.ts";
import { inSeconds } from "./in-seconds.ts";

/** `fresh`: proven in time. `quiet`: no proof is due, and why. `overdue`: it is due and missing. */
export type Silence =
  | { readonly type: "fresh" }
  | { readonly type: "quiet"; readonly reason: string; readonly rest?: Evidence }
  | { readonly type: "overdue"; readonly reason: string };

/** Whether a component that says nothing should have said something. */
export const silenceOf = (input: ComponentInput, { lastSuccess, newestAtMs }: Facts): Silence => {
  const { rule, openSession, nowMs } = input;
  const provenAtMs = lastSuccess?.atMs;
  switch (rule.duty.type) {
    case "always":
      if (provenAtMs === undefined)
        return { type: "overdue", reason: "It has proven nothing yet." };
      return overdueAfter(provenAtMs, nowMs, rule.evidenceAgeMaxMs);
    case "onceBegun":
      return newestAtMs === null
        ? { type: "quiet", reason: "It has not begun here." }
        : overdueAfter(provenAtMs ?? -Infinity, nowMs, rule.evidenceAgeMaxMs);
    case "marketHours": {
      const rest = restOf(input, provenAtMs);
      if (rest !== undefined && nowMs - rest.atMs <= rule.evidenceAgeMaxMs) {
        return { type: "quiet", reason: rest.detail, rest };
      }
      if (rule.duty.isOptional === true && newestAtMs === null) {
        return { type: "quiet", reason: "It has not begun here." };
      }
      if (provenAtMs === undefined && rest === undefined) {
        const closed = openSession === undefined ? " The market is closed." : "";
        return { type: "overdue", reason: `It has proven nothing yet.${closed}` };
      }
      const heardAtMs = Math.max(provenAtMs ?? -Infinity, rest?.atMs ?? -Infinity);
      if (openSession === undefined) {
        const last = `The last proof is ${inSeconds(nowMs - heardAtMs)} s old.`;
        return { type: "quiet", reason: `The market is closed, so no proof is due. ${last}` };
      }
      // Proof is due from the open on, and from the end of a rest on: neither was silence.
      const sinceMs = Math.max(heardAtMs, openSession.opensAtMs);
      return overdueAfter(sinceMs, nowMs, rule.evidenceAgeMaxMs);
    }
    case "onlyTrouble":
      return { type: "fresh" };
    case "afterWork":
      return afterWork(input, provenAtMs, rule.duty.work);
  }
};

/** The word that excuses this component, unless it has worked since. */
export const restOf = (
  { rule, rest }: ComponentInput,
  provenAtMs: number | undefined,
): Evidence | undefined => {
  if (rule.duty.type !== "marketHours" || rest === undefined) return undefined;
  if (rest.atMs < (provenAtMs ?? -Infinity)) return undefined;
  switch (rule.duty.restsWhile) {
    case "nothingIsTraded":
      return rest;
    case "otherRegionTrades":
      // A rest that is as it should be: only the other Region's turn is.
      return rest.succeeded ? rest : undefined;
    case "never":
      return undefined;
  }
};

/**
 * The hand-over and its proof are stamped by two functions' clocks, and the hand-over only after
 * the message went: a proof that seems this much older still answers it. A single message that is
 * lost so close behind a proof shows in the queue's age and its dead letters.
 */
const CLOCK_SKEW_MS = 5_000;

const afterWork = (
  { workEvidence, nowMs, rule }: ComponentInput,
  provenAtMs: number | undefined,
  work: string,
): Silence => {
  const answeredUntilMs = (provenAtMs ?? -Infinity) + CLOCK_SKEW_MS;
  let waitsSinceMs = Infinity;
  for (const { atMs } of workEvidence) {
    if (atMs > answeredUntilMs) waitsSinceMs = Math.min(waitsSinceMs, atMs);
  }
  if (waitsSinceMs === Infinity) {
    return workEvidence.length === 0
      ? { type: "quiet", reason: `Idle: there were no ${work} to handle.` }
      : { type: "fresh" };
  }
  const oldestMs = nowMs - waitsSinceMs;
  return oldestMs > rule.evidenceAgeMaxMs
    ? { type: "overdue", reason: `Handed over ${inSeconds(oldestMs)} s ago, not handled: ${work}.` }
    : { type: "fresh" };
};

const overdueAfter = (sinceMs: number, nowMs: number, maxMs: number): Silence =>
  nowMs - sinceMs > maxMs
    ? { type: "overdue", reason: `No proof for ${inSeconds(nowMs - sinceMs)} s.` }
    : { type: "fresh" };
