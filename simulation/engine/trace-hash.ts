/** A running hash over everything that happened, in its order. */
export type TraceHash = {
  readonly add: (text: string) => void;
  /** 16 hexadecimal digits; more may be added afterwards. */
  readonly read: () => string;
};

/**
 * An empty one: two mixing lanes of 32 bits, which is enough to tell two runs apart and costs a few
 * nanoseconds a character. It guards against mistakes, not against people.
 */
export const createTraceHash = (): TraceHash => {
  let left = 0x811c_9dc5;
  let right = 0x9e37_79b9;
  return {
    add: (text) => {
      for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index);
        left = Math.imul(left ^ code, 0x0100_0193);
        right = Math.imul(right ^ code, 0x85eb_ca6b);
        right ^= right >>> 13;
      }
      // What stands between two texts, so that moving a character from one to the other shows.
      left = Math.imul(left ^ 0x1f, 0x0100_0193);
      right = Math.imul(right ^ 0x1f, 0xc2b2_ae35);
      right ^= right >>> 16;
    },
    read: () => hexOf(left) + hexOf(right),
  };
};

const hexOf = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
