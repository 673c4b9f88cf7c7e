import {
  earnExtra,
  fullBudget,
  takeExtra,
  type ExtraBudget,
} from "../../domain/breaker/extra-budget.ts";
import type { ValidationPolicy } from "../../domain/market/check-quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { AskedVendor } from "../../domain/market/vendor-policy.ts";
import { rankVendors } from "../../domain/market/vendor-standing.ts";
import { ok } from "../../domain/result.ts";
import type { CallLimits, MarketData } from "../../ports/market-data.ts";
import type { Random } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import { isTransient } from "../../ports/vendor-fault.ts";
import { pauseBeforeRetry, type RetryPolicy } from "../calls/pause-before-retry.ts";
import type { GatewayVendor } from "./gateway-vendor.ts";
import { answerOf } from "./poll-answer.ts";
import { lookAtReserves, type ReserveLook } from "./look-at-reserves.ts";
import { runPoll, type PollResult } from "./run-poll.ts";
import {
  createKnowledge,
  hedgeDelay,
  knowledgeOf,
  learn,
  learnFromLook,
  requestsFor,
  standingNow,
  symbolsMaxOf,
  type KnowledgeDeps,
  type KnownVendors,
} from "./vendor-knowledge.ts";

/** What the gateway is made of. */
export type GatewayDeps = KnowledgeDeps & {
  /** In the configured order. */
  readonly vendors: readonly GatewayVendor[];
  readonly timers: Timers;
  readonly random: Pick<Random, "next">;
  readonly validation: ValidationPolicy;
  /** How long a vendor in reserve is believed to be well, milliseconds. */
  readonly lookEveryMs: number;
  /** Whether a feature is on for a poll, which is named by its first symbol and its minute. */
  readonly isOn: (flag: "hedgedReads" | "vendorScores", subject: string) => boolean;
};

/** Market data of several vendors. */
export type Gateway = Pick<MarketData, "fetchSnapshots" | "fetchVolatilityIndex"> & {
  /** Looks at the vendors that the last poll did not ask, where that is due. */
  readonly lookAtReserves: () => Promise<readonly ReserveLook[]>;
};

/** When nobody answered, all are asked again, up to 1 s and 2 s later: nothing else tries again. */
export const POLL_RETRY: RetryPolicy = { attemptsMax: 3, firstMs: 1_000 };
/** One extra request for twenty, and a few at once. */
const EXTRA_REQUESTS = { earnedPerCall: 0.05, tokensMax: 10 } as const;
/** How long the volatility index may take in all, and at one vendor, so that another is asked. */
const VOLATILITY_MS = 2_000;
const VOLATILITY_EACH_MS = 650;
const MINUTE_MS = 60_000;

/** Market data of several vendors behind one door; what it learns of them lives as long as it. */
export const createGateway = (deps: GatewayDeps): Gateway => {
  const state: GatewayState = {
    known: new Map(deps.vendors.map((vendor) => [vendor.vendor, createKnowledge(deps, vendor)])),
    extra: fullBudget(EXTRA_REQUESTS),
    polls: 0,
    asked: new Set(),
    symbols: [],
    agreements: new Map(),
  };
  return {
    fetchSnapshots: async (symbols, limits = {}) => {
      const deadlineMs = deadlineOf(deps, limits);
      prepareVendors(deps, state, symbols.length);
      state.asked.clear();
      for (let attempt = 1; ; attempt++) {
        const { vendors, poll } = await pollOnce(deps, state, symbols, deadlineMs);
        const answer = answerOf(symbols, vendors, poll, state.known);
        if (answer.ok || !isTransient(answer.error)) return answer;
        const failed = { attempt, deadlineMs, takeExtra: () => takeExtraOf(state) };
        const pause = pauseBeforeRetry(deps, POLL_RETRY, failed);
        if (pause === undefined) return answer;
        await pause;
      }
    },
    fetchVolatilityIndex: async (limits = {}) => {
      const { clock } = deps;
      const endMs = Math.min(deadlineOf(deps, limits), clock.monotonicMs() + VOLATILITY_MS);
      for (const vendor of deps.vendors) {
        const deadlineMs = Math.min(endMs, clock.monotonicMs() + VOLATILITY_EACH_MS);
        const index = await vendor.askVolatilityIndex({ ...limits, deadlineMs });
        if (index !== undefined) return ok(index);
      }
      return ok(undefined);
    },
    lookAtReserves: () => lookNow(deps, state),
  };
};

const lookNow = async (
  deps: GatewayDeps,
  { known, asked, symbols, agreements }: GatewayState,
): Promise<readonly ReserveLook[]> => {
  const reserves = deps.vendors.filter(({ vendor }) => !asked.has(vendor));
  const looks = await lookAtReserves(deps, known, { reserves, symbols });
  const moment = { nowMs: deps.clock.nowMs(), monotonicMs: deps.clock.monotonicMs() };
  for (const look of looks) {
    learnFromLook(knowledgeOf(known, look.vendor), look, agreements, moment);
  }
  return looks;
};

/** What the polls of an environment share. */
type GatewayState = {
  readonly known: KnownVendors;
  extra: ExtraBudget;
  polls: number;
  /** Who was asked by the last poll, for which symbols, and what it came to. */
  readonly asked: Set<AskedVendor>;
  symbols: readonly Ticker[];
  agreements: PollResult["agreements"];
};

const takeExtraOf = (state: GatewayState): boolean => {
  const left = takeExtra(state.extra);
  if (left !== undefined) state.extra = left;
  return left !== undefined;
};

const pollOnce = async (
  deps: GatewayDeps,
  state: GatewayState,
  symbols: readonly Ticker[],
  deadlineMs: number,
): Promise<{ readonly vendors: readonly GatewayVendor[]; readonly poll: PollResult }> => {
  const { known } = state;
  // A share of the polls, because most have a single shard, which would be in or out for ever.
  const subject = `${symbols[0] ?? ""} ${Math.floor(deps.clock.nowMs() / MINUTE_MS)}`;
  const vendors = orderOf(deps, known, symbols.length, subject);
  const isHedged = deps.isOn("hedgedReads", subject);
  // So that a vendor that cannot be asked for all confirms other symbols every time.
  const rotated = rotate(symbols, state.polls++ * deps.policy.symbolRequestsMax);
  const poll = await runPoll(
    {
      ...deps,
      vendors,
      symbolsMaxOf: (vendor) => symbolsMaxOf(deps, knowledgeOf(known, vendor), vendor),
      hedgeAfterMs: (vendor) => (isHedged ? hedgeDelay(vendor) : deps.policy.deadlineMs),
      takeHedge: () => takeExtraOf(state),
      deadlineMs,
    },
    rotated,
  );
  const moment = { nowMs: deps.clock.nowMs(), monotonicMs: deps.clock.monotonicMs() };
  state.symbols = rotated;
  state.agreements = poll.agreements;
  for (const call of poll.calls) {
    state.extra = earnExtra(state.extra, EXTRA_REQUESTS);
    state.asked.add(call.vendor.vendor);
    learn(knowledgeOf(known, call.vendor), call, poll, moment);
  }
  return { vendors, poll };
};

/**
 * Connections of every vendor that may have to stand in, opened while the first ones answer: a
 * handshake takes longer than all the rest of a failover. One that is ill is not bothered.
 */
const prepareVendors = (
  { vendors }: GatewayDeps,
  { known }: GatewayState,
  symbols: number,
): void => {
  for (const vendor of vendors) {
    if (knowledgeOf(known, vendor).trouble === undefined) vendor.prepare?.(symbols);
  }
};

const deadlineOf = ({ clock, policy }: GatewayDeps, { deadlineMs }: CallLimits): number =>
  Math.min(deadlineMs ?? Infinity, clock.monotonicMs() + policy.deadlineMs);

/** By what was measured and what it costs, or as configured. */
const orderOf = (
  { vendors, policy, isOn, clock }: GatewayDeps,
  known: KnownVendors,
  symbols: number,
  subject: string,
): readonly GatewayVendor[] => {
  if (!isOn("vendorScores", subject)) return vendors;
  const ranked = rankVendors(
    vendors.map((vendor) => ({
      vendor: vendor.vendor,
      standing: standingNow(knowledgeOf(known, vendor), clock.nowMs()),
      cost: requestsFor(vendor, symbols) * policy.requestCost[vendor.vendor],
    })),
  );
  return ranked.flatMap((name) => vendors.filter(({ vendor }) => vendor === name));
};

const rotate = (symbols: readonly Ticker[], by: number): readonly Ticker[] => {
  const start = symbols.length === 0 ? 0 : by % symbols.length;
  return [...symbols.slice(start), ...symbols.slice(0, start)];
};
