import { broken, HOLDS, type Invariant, judgeBy } from "./invariant.ts";

/** Where the buffered ticks of every Region lie. */
const BUFFER = "buffer/ticks/";

/** (29) No tick is lost: what was buffered is removed only when it stands on the tape. */
export const createTicksAreKept = (): Invariant => {
  const stored = new Set<string>();
  return {
    name: "ticks-are-kept",
    judge: judgeBy({
      ticksStored: ({ key }) => {
        stored.add(key);
        return HOLDS;
      },
      unarchived: ({ key }) =>
        key.startsWith(BUFFER) && !stored.has(key)
          ? broken(`Ticks were buffered as ${key}, and removed without being on the tape.`)
          : HOLDS,
    }),
  };
};
