/** The last good answers of an environment, for when the store does not answer. */
export type KeptAnswers = {
  readonly keep: (address: string, body: object, atMs: number) => void;
  /** The last good body with when it was read; `undefined` where there was none. */
  readonly recall: (address: string) => object | undefined;
};

/** Charts and tables of a page, and some more; whoever asks for more pushes out the oldest. */
const KEPT_MAX = 64;

/** Keeps bodies by address, at most so many. */
export const createKeptAnswers = (): KeptAnswers => {
  const kept = new Map<string, object>();
  return {
    keep: (address, body, atMs) => {
      kept.delete(address);
      const [oldest] = kept.keys();
      if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      kept.set(address, { ...body, answerKeptAtMs: atMs });
    },
    recall: (address) => kept.get(address),
  };
};
