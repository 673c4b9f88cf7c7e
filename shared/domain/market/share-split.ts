/** Shares that were joined or split: `oldShares` became `newShares`. */
export type SplitRatio = { readonly newShares: number; readonly oldShares: number };

const FORWARD: readonly (readonly [number, number])[] = [
  [5, 4],
  [4, 3],
  [3, 2],
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 100].map(
    (count) => [count, 1] as const,
  ),
];

/** The ratios in which companies split their shares, and join them. */
export const SPLIT_RATIOS: readonly SplitRatio[] = FORWARD.flatMap(([more, fewer]) => [
  { newShares: more, oldShares: fewer },
  { newShares: fewer, oldShares: more },
]);

/** The known ratio that is nearest to a change in shares, if it is within the tolerance. */
export const splitNear = (change: number, toleranceRatio: number): SplitRatio | undefined => {
  let nearest: SplitRatio | undefined;
  let least = toleranceRatio;
  for (const ratio of SPLIT_RATIOS) {
    const distance = Math.abs((change * ratio.oldShares) / ratio.newShares - 1);
    if (!(distance <= least)) continue;
    least = distance;
    nearest = ratio;
  }
  return nearest;
};
