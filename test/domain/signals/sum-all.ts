import type { Summation } from "../../../shared/domain/signals/sum-window.ts";

/** The sums over a whole list, one record after the other. */
export const sumAll = <Each, Sums>(
  { zero, add }: Summation<Each, Sums>,
  list: readonly Each[],
): Sums => list.reduce((sums, each) => add(sums, each, 1), zero);
