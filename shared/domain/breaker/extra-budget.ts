/**
 * Requests beyond the first, as a share of the first ones: retries and hedges. Each call earns a
 * part of one, so that an outage cannot multiply our own traffic.
 */
export type ExtraBudget = { readonly tokens: number };

/** How much a call earns, and how much can be saved up for a burst. */
export type ExtraBudgetPolicy = { readonly earnedPerCall: number; readonly tokensMax: number };

/** A budget that has rested. */
export const fullBudget = ({ tokensMax }: ExtraBudgetPolicy): ExtraBudget => ({
  tokens: tokensMax,
});

/** A call was made. */
export const earnExtra = (
  budget: ExtraBudget,
  { earnedPerCall, tokensMax }: ExtraBudgetPolicy,
): ExtraBudget =>
  budget.tokens >= tokensMax
    ? budget
    : { tokens: Math.min(tokensMax, budget.tokens + earnedPerCall) };

/** Takes one extra request; `undefined` where there is none left. */
export const takeExtra = (budget: ExtraBudget): ExtraBudget | undefined =>
  budget.tokens >= 1 ? { tokens: budget.tokens - 1 } : undefined;
