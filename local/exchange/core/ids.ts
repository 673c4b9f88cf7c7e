import { toHexWord } from "../../../shared/domain/hex-word.ts";
import { hashText, mix } from "../hash.ts";

/** Makes identifiers from counters, so that a restart goes on where it stopped and none repeats. */
export type Ids = {
  readonly uuid: (kind: string, sequence: number) => string;
};

/** Ids that are a pure function of the exchange's name, the kind of thing, and its number. */
export const createIds = (name: string): Ids => {
  // There are few kinds, and each has many ids.
  const salts = new Map<string, number>();
  return {
    uuid: (kind, sequence) => {
      const salt = salts.get(kind) ?? hashText(`${name}/${kind}`);
      salts.set(kind, salt);
      // `mix` is a bijection, so the first word alone keeps 2^32 numbers of one kind apart.
      const seed = sequence ^ salt;
      const [a, b] = [wordOf(seed, 0), wordOf(seed, 1)];
      const [c, d] = [wordOf(seed, 2), wordOf(seed, 3)];
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
    },
  };
};

const wordOf = (seed: number, word: number): string => toHexWord(mix(seed + word * 0x9e3779b9));
