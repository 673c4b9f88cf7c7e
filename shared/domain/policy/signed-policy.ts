import { canonicalJson } from "../canonical-json.ts";
import type { Limits } from "../risk/limits.ts";
import { describeDifferences, differencesOf, type TradingPolicy } from "./trading-policy.ts";

/** What is signed: a version, what it says, and what the versions before it said. */
export type SealedPolicy = {
  readonly serial: number;
  readonly policyText: string;
  readonly earlier: readonly string[];
  readonly signedAtMs: number;
};

/** Where what runs, or what is stored, stands against what was signed. */
export type PolicyVerdict =
  | { readonly type: "signed" }
  /** Limits of a version that was signed before are stored: this one's take their place. */
  | { readonly type: "handOver" }
  | { readonly type: "drifted"; readonly sentence: string };

/** A deployment replaces the functions one after the other; so long may both versions run. */
const DEPLOYMENT_MS = 30 * 60_000;

/**
 * The text that is signed. Serial, time and the versions before are part of it, so that neither an
 * older version nor a longer grace can be put in its place.
 */
export const sealedTextOf = ({ serial, policyText, earlier, signedAtMs }: SealedPolicy): string =>
  canonicalJson({ serial, policyText, earlier, signedAtMs });

/**
 * Judges what runs and, where a cell is at hand, the limits that are stored in it: a difference in
 * either direction is a drift. While a deployment may be under way the version before may run.
 */
export const judgePolicy = (
  signed: SealedPolicy,
  { running, stored }: { readonly running: TradingPolicy; readonly stored?: Limits | undefined },
  nowMs: number,
): PolicyVerdict => {
  const differences = differencesOf(parsedOf(signed.policyText), running);
  const [before] = signed.earlier;
  const isBeingReplaced =
    nowMs - signed.signedAtMs < DEPLOYMENT_MS &&
    before !== undefined &&
    isSame(JSON.parse(before), running);
  if (differences.length > 0 && !isBeingReplaced) {
    const sentence = `What runs is not what was signed: ${describeDifferences(differences)}.`;
    return { type: "drifted", sentence };
  }
  if (stored === undefined || isSame(running.limits, stored)) return { type: "signed" };
  const known = [signed.policyText, ...signed.earlier].map((text) => limitsOf(text));
  if (known.some((limits) => isSame(limits, stored))) {
    return { type: isBeingReplaced ? "signed" : "handOver" };
  }
  const details = describeDifferences(differencesOf(running.limits, stored));
  return { type: "drifted", sentence: `The stored limits are not the signed ones: ${details}.` };
};

/** Every cycle and every entry judges the same text. */
const parsedOf = (policyText: string): unknown => {
  if (lastParsed?.text !== policyText) {
    lastParsed = { text: policyText, policy: JSON.parse(policyText) };
  }
  return lastParsed.policy;
};

let lastParsed: { readonly text: string; readonly policy: unknown } | undefined;

const isSame = (one: unknown, other: unknown): boolean => differencesOf(one, other).length === 0;

const limitsOf = (policyText: string): unknown => {
  const policy = parsedOf(policyText);
  return typeof policy === "object" && policy !== null && "limits" in policy ? policy.limits : null;
};
