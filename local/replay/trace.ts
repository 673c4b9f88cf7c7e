import { createHash } from "node:crypto";

/** A digest over everything that happened, in its order; two runs that agree did the same. */
export type Trace = {
  /** Adds one line of text; whoever adds writes equal things as equal text. */
  readonly add: (line: string) => void;
  /**
   * Adds a number as its bits, in the order of the numbers: for what comes by the hundred thousand.
   */
  readonly addNumber: (value: number) => void;
  /** A number that stands for a text, the same one every time; the first time says so in a line. */
  readonly numberOf: (text: string) => number;
  /** The SHA-256 of all lines and all numbers, in hexadecimal; nothing may be added afterwards. */
  readonly finish: () => string;
};

const LINES_PER_UPDATE = 1_000;
const NUMBERS_PER_UPDATE = 8_192;

/** An empty trace; it keeps no more than the last lines and numbers, and each text once. */
export const createTrace = (): Trace => {
  const hash = createHash("sha256");
  const numbers = createNumbers();
  const texts = new Map<string, number>();
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length === 0) return;
    hash.update(`${lines.join("\n")}\n`);
    lines = [];
  };
  const add = (line: string): void => {
    lines.push(line);
    if (lines.length >= LINES_PER_UPDATE) flush();
  };
  return {
    add,
    addNumber: numbers.add,
    numberOf: (text) => {
      const known = texts.get(text);
      if (known !== undefined) return known;
      const number = texts.size;
      texts.set(text, number);
      add(`${number} is ${text}`);
      return number;
    },
    finish: () => {
      add(`numbers ${numbers.finish()}`);
      flush();
      return hash.digest("hex");
    },
  };
};

const createNumbers = (): Pick<Trace, "finish"> & { readonly add: (value: number) => void } => {
  const hash = createHash("sha256");
  const block = new Float64Array(NUMBERS_PER_UPDATE);
  let filled = 0;
  return {
    add: (value) => {
      block[filled++] = value;
      if (filled < NUMBERS_PER_UPDATE) return;
      hash.update(block);
      filled = 0;
    },
    finish: () => hash.update(block.subarray(0, filled)).digest("hex"),
  };
};
