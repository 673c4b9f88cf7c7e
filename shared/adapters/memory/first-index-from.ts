/**
 * The index of the first of the sorted keys that is `key` or behind it; their number if none is.
 */
export const firstIndexFrom = (sortedKeys: readonly string[], key: string): number => {
  // Most keys are times, so that the newest goes to the end.
  const last = sortedKeys.at(-1);
  if (last === undefined || last < key) return sortedKeys.length;
  let low = 0;
  let high = sortedKeys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sortedKeys[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
};
