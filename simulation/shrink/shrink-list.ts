/** What is left of a list, and whether leaving out any one more would make it pass. */
export type ShrunkList<Item> = {
  readonly items: readonly Item[];
  /** False where the tries ran out first. */
  readonly isMinimal: boolean;
  readonly tries: number;
};

/**
 * Delta debugging: leaves out as much of a failing list as it can while `fails` still says so.
 * Larger parts are tried before smaller ones, so that a list of which little matters takes about
 * its logarithm of tries. `fails` must hold for the list itself, and say the same when asked again;
 * it is asked at most `triesMax` times. The order of what is left is the list's.
 */
export const shrinkList = async <Item>(
  list: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  triesMax: number,
): Promise<ShrunkList<Item>> => {
  let items = list;
  let tries = 0;
  const stillFails = (candidate: readonly Item[]): Promise<boolean> => {
    tries += 1;
    return fails(candidate);
  };
  // Nothing at all is the best there is, and cheap to ask for.
  if (items.length > 0 && triesMax > 0 && (await stillFails([]))) {
    return { items: [], isMinimal: true, tries };
  }
  let size = Math.ceil(items.length / 2);
  while (items.length > 0) {
    let isSmaller = false;
    // From the end: what comes last mattered least to what came before.
    for (let end = items.length; end > 0; end -= size) {
      if (tries >= triesMax) return { items, isMinimal: false, tries };
      const candidate = [...items.slice(0, Math.max(0, end - size)), ...items.slice(end)];
      if (candidate.length === 0 || !(await stillFails(candidate))) continue;
      items = candidate;
      isSmaller = true;
    }
    if (size === 1 && !isSmaller) break;
    if (!isSmaller || size > items.length) size = Math.max(1, Math.ceil(size / 2));
  }
  return { items, isMinimal: true, tries };
};
