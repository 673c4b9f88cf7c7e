import type { RequestLane } from "../domain/budget/token-bucket.ts";

/** Whether a request may be made now, or when it may. */
export type BudgetAnswer =
  | { readonly type: "granted" }
  | { readonly type: "exhausted"; readonly retryAtMs: number };

/** The requests that an account may make to its broker, shared by everything that makes them. */
export type RequestBudget = {
  /** Takes so many requests, one unless told otherwise; never throws, and never waits. */
  readonly take: (lane: RequestLane, requests?: number) => Promise<BudgetAnswer>;
  /** The broker refused for its limit; `retryAtMs` is what it said, epoch ms. Never throws. */
  readonly noteRefusal: (retryAtMs: number | undefined) => Promise<void>;
};
