import { hashText, uniformAt } from "../../local/exchange/hash.ts";

/** One subsystem's chance: each name has a sequence of its own, so that a new draw moves no other. */
export type RandomStream = {
  /** The next number in [0, 1) of the draws with this name. */
  readonly draw: (name: string) => number;
  /** The next whole number from `least` to `most`, both included. */
  readonly drawInteger: (name: string, least: number, most: number) => number;
  /** One of the list, which is not empty. */
  readonly pick: <Each>(name: string, list: readonly [Each, ...Each[]]) => Each;
};

/** Chance for a whole world, by the subsystem's name. */
export type RandomStreams = {
  readonly stream: (name: string) => RandomStream;
  /** A 32-bit key for draws that are a function of a key and counters alone. */
  readonly keyOf: (name: string) => number;
};

/** The streams of a seed (any whole number). */
export const createRandomStreams = (seed: number): RandomStreams => {
  const keyOf = (name: string): number => hashText(`${seed}/${name}`);
  return {
    keyOf,
    stream: (name) => createStream((draw) => keyOf(`${name}/${draw}`)),
  };
};

const createStream = (keyOf: (draw: string) => number): RandomStream => {
  const sequences = new Map<string, { readonly key: number; count: number }>();
  const draw = (name: string): number => {
    let sequence = sequences.get(name);
    if (sequence === undefined) {
      sequence = { key: keyOf(name), count: 0 };
      sequences.set(name, sequence);
    }
    return uniformAt(sequence.key, sequence.count++);
  };
  const drawInteger = (name: string, least: number, most: number): number =>
    least + Math.floor(draw(name) * (most - least + 1));
  return {
    draw,
    drawInteger,
    pick: (name, list) => list[drawInteger(name, 0, list.length - 1)] ?? list[0],
  };
};
