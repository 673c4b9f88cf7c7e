import * as z from "zod";
import {
  type BudgetPolicy,
  closeBucket,
  fullBucket,
  type RequestLane,
  takeTokens,
  type TokenBucket,
} from "../../domain/budget/token-bucket.ts";
import { RetryableError } from "../../domain/fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type { BudgetAnswer, RequestBudget } from "../../ports/request-budget.ts";
import type { Item, ItemStore } from "../stored/item-store.ts";

/** Where a budget is kept, and how large it is. */
export type StoredBudgetOptions = {
  readonly store: ItemStore;
  readonly clock: Clock;
  /** Names the broker account: accounts have budgets of their own. */
  readonly account: string;
  /**
   * Each Region counts for itself: their tables agree too late for this, and the passive one asks
   * the broker for little more than its clock.
   */
  readonly region: string;
  readonly policy: BudgetPolicy;
};

const BucketDocument: z.ZodType<TokenBucket> = z.object({
  tokens: z.number().min(0),
  atMs: z.number().min(0),
  closedUntilMs: z.number().min(0),
});

const KEPT_MS = 86_400_000;
const TRIES_MAX = 5;
const REFUSED_MS = 10_000;

/**
 * A budget in an item store: one conditional put takes a lease of several requests, which this
 * environment then spends by itself. Where the store does not answer, exits and reads go on, since
 * a position that cannot be closed and an order that cannot be looked up are worse than a refusal
 * by the broker; entries wait.
 */
export const createStoredBudget = (options: StoredBudgetOptions): RequestBudget => {
  const { clock, policy } = options;
  let lease = NO_LEASE;
  // What one that asks seldom leaves unused is lost to all others: the next lease is what was used.
  let size = policy.leaseTokens;
  const settle = (): void => {
    if (lease.taken === 0) return;
    const used = lease.taken - lease.tokens;
    size = lease.tokens === 0 ? Math.min(policy.leaseTokens, used * 2) : Math.max(1, used);
    lease = NO_LEASE;
  };
  return {
    take: async (lane, requests = 1) => {
      const nowMs = clock.nowMs();
      if (lease.tokens >= requests && nowMs < lease.untilMs) {
        lease = { ...lease, tokens: lease.tokens - requests };
        return { type: "granted" };
      }
      try {
        settle();
        // An exit takes what it needs and no more: the reserve is everybody's.
        const most = lane === "exit" ? requests : Math.max(requests, size);
        const taken = await takeFrom(options, lane, requests, most);
        if (taken.type === "exhausted") return taken;
        if (lane !== "exit") {
          const tokens = taken.tokens - requests;
          lease = { tokens, taken: taken.tokens, untilMs: nowMs + policy.leaseMs };
        }
        return { type: "granted" };
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        return withoutStore(lane, nowMs);
      }
    },
    noteRefusal: async (retryAtMs) => {
      lease = NO_LEASE;
      try {
        const nowMs = clock.nowMs();
        const untilMs = retryAtMs ?? nowMs + REFUSED_MS;
        await change(options, (bucket) => ({
          bucket: closeBucket(bucket, untilMs, nowMs, policy),
          answer: undefined,
        }));
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
      }
    },
  };
};

/** Tokens that are left of those taken at once, until they are given up. */
const NO_LEASE = { tokens: 0, taken: 0, untilMs: 0 };

const withoutStore = (lane: RequestLane, nowMs: number): BudgetAnswer =>
  lane === "entry" ? { type: "exhausted", retryAtMs: nowMs + REFUSED_MS } : { type: "granted" };

type Taken =
  | { readonly type: "taken"; readonly tokens: number }
  | { readonly type: "exhausted"; readonly retryAtMs: number };

const takeFrom = (
  options: StoredBudgetOptions,
  lane: RequestLane,
  least: number,
  most: number,
): Promise<Taken> =>
  change<Taken>(options, (before) => {
    const nowMs = options.clock.nowMs();
    const { bucket, taken, retryAtMs } = takeTokens(
      before,
      { lane, least, most },
      nowMs,
      options.policy,
    );
    return taken === 0
      ? { bucket: undefined, answer: { type: "exhausted", retryAtMs } }
      : { bucket, answer: { type: "taken", tokens: taken } };
  });

/**
 * Changes the stored bucket by a conditional put; no bucket to store means that nothing changes.
 */
const change = async <Answer>(
  { store, clock, account, region, policy }: StoredBudgetOptions,
  decide: (bucket: TokenBucket) => {
    readonly bucket: TokenBucket | undefined;
    readonly answer: Answer;
  },
): Promise<Answer> => {
  const key = { partition: `budget#${region}#${account}`, sort: "requests" };
  let current = await store.get(key);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const nowMs = clock.nowMs();
    const { bucket, answer } = decide(bucketOf(current, policy, nowMs));
    if (bucket === undefined) return answer;
    const { revision } = current ?? {};
    const next: Item = {
      ...key,
      document: bucket,
      revision: { version: (revision?.version ?? 0) + 1, epoch: 0 },
      expiresAtMs: nowMs + KEPT_MS,
    };
    const stored = await store.put(
      next,
      revision === undefined ? { type: "absent" } : { type: "revisionIs", revision },
    );
    if (stored.ok) return answer;
    current = stored.error.current;
  }
  throw new RetryableError("The request budget was written by others all the time.");
};

/** What cannot be read counts as empty of anything but the exits' reserve. */
const bucketOf = (item: Item | undefined, policy: BudgetPolicy, nowMs: number): TokenBucket => {
  if (item === undefined) return fullBucket(policy, nowMs);
  const bucket = BucketDocument.safeParse(item.document);
  return bucket.success
    ? bucket.data
    : { tokens: policy.exitReserve, atMs: nowMs, closedUntilMs: 0 };
};
