import type { Snapshot } from "../../domain/market/quote.ts";
import type { AskedVendor, VendorPolicy } from "../../domain/market/vendor-policy.ts";
import {
  afterPart,
  fadeStanding,
  NEW_STANDING,
  type VendorPart,
  type VendorStanding,
} from "../../domain/market/vendor-standing.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AskResult, GatewayVendor } from "./gateway-vendor.ts";
import type { ReserveLook } from "./look-at-reserves.ts";
import { createRequestQuota, type RequestQuota } from "./request-quota.ts";
import type { PollResult, VendorCall } from "./run-poll.ts";

/** What it takes to know a vendor. */
export type KnowledgeDeps = {
  readonly clock: Clock;
  readonly policy: VendorPolicy;
  /** Environments that poll at the same time and share the vendors' quotas. */
  readonly shards: number;
};

/** A hedge is sent at the p95 of what the vendor takes, and never later than this. */
const HEDGE_MAX_MS = 60;
const HEDGE_MIN_MS = 5;
const HEDGE_AT_SHARE = 0.95;

/** Within this nothing is forgotten: it is how far polls are apart. */
const POLL_EVERY_MS = 60_000;

/** What is remembered of a vendor. Changed in place by every poll. */
export type Knowledge = {
  standing: VendorStanding;
  /** When it was judged last, epoch ms; 0: never. */
  judgedAtMs: number;
  readonly quota: RequestQuota;
  /** When it was asked last, on the monotonic clock; -Infinity: never. */
  askedAtMs: number;
  /** What came of it if that was no answer. */
  trouble: Exclude<AskResult, { readonly type: "answered" }> | undefined;
};

/** What is known of every vendor. */
export type KnownVendors = ReadonlyMap<AskedVendor, Knowledge>;

/** Nothing is known yet. */
export const createKnowledge = (
  { clock, policy, shards }: KnowledgeDeps,
  { vendor }: GatewayVendor,
): Knowledge => ({
  standing: NEW_STANDING,
  judgedAtMs: 0,
  askedAtMs: -Infinity,
  trouble: undefined,
  quota: createRequestQuota(clock, Math.floor(policy.requestsPerMinute[vendor] / shards)),
});

/** What is known of one of them. */
export const knowledgeOf = (known: KnownVendors, { vendor }: GatewayVendor): Knowledge => {
  const knowledge = known.get(vendor);
  if (knowledge === undefined) throw new Error(`${vendor} is not one of the gateway's vendors.`);
  return knowledge;
};

/** How many requests it takes to ask a vendor for so many symbols. */
export const requestsFor = ({ symbolsPerRequest }: GatewayVendor, symbols: number): number =>
  Math.ceil(symbols / symbolsPerRequest);

/** How many symbols the vendor may be asked for now, by its quota. */
export const symbolsMaxOf = (
  { policy }: Pick<KnowledgeDeps, "policy">,
  { quota }: Knowledge,
  { symbolsPerRequest }: GatewayVendor,
): number => {
  const requests =
    symbolsPerRequest === 1 ? Math.min(quota.left(), policy.symbolRequestsMax) : quota.left();
  return requests * symbolsPerRequest;
};

/** After how many milliseconds without an answer another vendor is asked as well. */
export const hedgeDelay = ({ usualMs }: GatewayVendor): number =>
  Math.min(HEDGE_MAX_MS, Math.max(HEDGE_MIN_MS, usualMs(HEDGE_AT_SHARE) ?? HEDGE_MAX_MS));

/** Takes from a poll what it says of one vendor. */
export const learn = (
  knowledge: Knowledge,
  { vendor, symbols, result, latencyMs, isLate }: VendorCall,
  { agreements }: Pick<PollResult, "agreements">,
  { nowMs, monotonicMs }: Moment,
): void => {
  if (result?.type !== "refused") knowledge.quota.take(requestsFor(vendor, symbols.size));
  if (result !== undefined) note(knowledge, result, monotonicMs);
  if (result?.type === "answered") {
    const { snapshots } = result.answer;
    const part: VendorPart = {
      type: "answered",
      latencyMs,
      quoteAgeMs: medianAge(snapshots, nowMs),
      oddShare: oddShare(vendor, snapshots, agreements),
    };
    judge(knowledge, part, nowMs);
  } else if (result !== undefined || isLate) {
    judge(knowledge, { type: "lost" }, nowMs);
  }
};

/** Takes from a look at a vendor in reserve what it says of it; what is refused is no request. */
export const learnFromLook = (
  knowledge: Knowledge,
  { vendor, result, latencyMs }: ReserveLook,
  agreements: PollResult["agreements"],
  moment: Moment,
): void => {
  if (result.type === "refused") {
    knowledge.trouble = result;
    return;
  }
  const answered = result.type === "answered" ? result.answer.snapshots : [];
  const symbols = new Set(answered.map(({ symbol }) => symbol));
  learn(knowledge, { vendor, symbols, result, latencyMs, isLate: false }, { agreements }, moment);
};

/** By the wall's clock and by the monotonic one. */
type Moment = { readonly nowMs: number; readonly monotonicMs: number };

const note = (knowledge: Knowledge, result: AskResult, monotonicMs: number): void => {
  knowledge.askedAtMs = monotonicMs;
  knowledge.trouble = result.type === "answered" ? undefined : result;
};

const judge = (knowledge: Knowledge, part: VendorPart, nowMs: number): void => {
  knowledge.standing = afterPart(standingNow(knowledge, nowMs), part);
  knowledge.judgedAtMs = nowMs;
};

/** How the vendor stands at this moment; polls a minute apart count as one after another. */
export const standingNow = (
  { standing, judgedAtMs }: Pick<Knowledge, "standing" | "judgedAtMs">,
  nowMs: number,
): VendorStanding => fadeStanding(standing, nowMs - judgedAtMs - POLL_EVERY_MS);

const medianAge = (snapshots: readonly Snapshot[], nowMs: number): number | null => {
  const ages = snapshots
    .flatMap(({ quote, trade }) => quote?.exchangeTimeMs ?? trade?.exchangeTimeMs ?? [])
    .map((atMs) => Math.max(0, nowMs - atMs))
    .toSorted((left, right) => left - right);
  return ages[Math.floor(ages.length / 2)] ?? null;
};

const oddShare = (
  { vendor }: GatewayVendor,
  snapshots: readonly Snapshot[],
  agreements: PollResult["agreements"],
): number => {
  if (snapshots.length === 0) return 0;
  const odd = snapshots.filter(({ symbol }) => agreements.get(symbol)?.odd.includes(vendor));
  return odd.length / snapshots.length;
};
