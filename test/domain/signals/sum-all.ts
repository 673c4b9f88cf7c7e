import type { Summation } from "../../../shared/domain/signals/sum-window.ts";

/** The sums over a whole list, one record after the other. */
export const sumAll = <Each, Sums>(
  { zero, add }: Summation<Each, Sums>,
  list: readonly Each[],
): Sums => {
  const sums = zero();
  for (const each of list) add(sums, each, 1);
  return sums;
};
