/** FNV-1a, 32 bits. */
export const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};

/** Mixes 32 bits so that neighbours share nothing; a bijection. */
export const mix = (value: number): number => {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
};

const WORDS = 2 ** 32;

/** A float in [0, 1) that depends on the key and the two counters alone. */
export const uniformAt = (key: number, first: number, second = 0): number =>
  mix(mix(mix(key) ^ (first | 0)) + Math.imul(second | 0, 0x9e3779b9)) / WORDS;

/** A number from a normal distribution (mean 0, deviation 1), a function of its arguments alone. */
export const normalAt = (key: number, first: number, second = 0): number => {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(key, first, second)));
  return radius * Math.cos(2 * Math.PI * uniformAt(key ^ 0x5bd1e995, first, second));
};

/** Smooth noise in [-1, 1] along `position`, with one independent value for each whole number. */
export const smoothNoiseAt = (key: number, position: number): number => {
  const from = Math.floor(position);
  const part = position - from;
  const weight = part * part * (3 - 2 * part);
  const left = uniformAt(key, from);
  const right = uniformAt(key, from + 1);
  return 2 * (left + (right - left) * weight) - 1;
};
