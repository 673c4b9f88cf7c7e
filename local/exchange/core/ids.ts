import { hashText, mix } from "../hash.ts";

/** Makes identifiers from counters, so that a restart goes on where it stopped and none repeats. */
export type Ids = {
  readonly uuid: (kind: string, sequence: number) => string;
};

/** Ids that are a pure function of the exchange's name, the kind of thing, and its number. */
export const createIds = (name: string): Ids => ({
  uuid: (kind, sequence) => {
    const salt = hashText(`${name}/${kind}`);
    // `mix` is a bijection, so the first word alone keeps 2^32 numbers of one kind apart.
    const words = [0, 1, 2, 3].map((word) => hex(mix((sequence ^ salt) + word * 0x9e3779b9)));
    const [a = "", b = "", c = "", d = ""] = words;
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
  },
});

const hex = (word: number): string => word.toString(16).padStart(8, "0");
