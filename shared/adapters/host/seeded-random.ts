import { assert } from "../../domain/assert.ts";
import { toHexWord } from "../../domain/hex-word.ts";
import type { Random } from "../../ports/random.ts";

const UINT32_RANGE = 4_294_967_296;

/**
 * Chance that is the same for the same seed (an integer, 0 to 2^32 - 1): the generator sfc32, whose
 * period is far longer than any run. Ids carry a count, so that no two of them are equal.
 */
export const createSeededRandom = (seed: number): Random => {
  assert(Number.isInteger(seed) && seed >= 0 && seed < UINT32_RANGE, "A seed is a 32-bit integer.");
  const nextUint32 = createSfc32(seed);
  let ids = 0;
  return {
    next: () => nextUint32() / UINT32_RANGE,
    id: () => {
      ids += 1;
      return `${toHexWord(ids)}-${toHexWord(nextUint32())}-${toHexWord(nextUint32())}`;
    },
  };
};

const createSfc32 = (seed: number): (() => number) => {
  let a = 0;
  let b = seed;
  let c = 0x9e37_79b9;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // Neighbouring seeds differ in few bits; a dozen rounds spread the difference.
  for (let round = 0; round < 12; round++) next();
  return next;
};
