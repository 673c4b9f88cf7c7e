import { createHash } from "node:crypto";

/** A digest over everything that happened, in its order; two runs that agree did the same. */
export type Trace = {
  /** Adds one line of text; whoever adds writes equal things as equal text. */
  readonly add: (line: string) => void;
  /** The SHA-256 of all lines, in hexadecimal; nothing may be added afterwards. */
  readonly finish: () => string;
};

const LINES_PER_UPDATE = 1_000;

/** An empty trace; it keeps no more than the last thousand lines in memory. */
export const createTrace = (): Trace => {
  const hash = createHash("sha256");
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length === 0) return;
    hash.update(`${lines.join("\n")}\n`);
    lines = [];
  };
  return {
    add: (line) => {
      lines.push(line);
      if (lines.length >= LINES_PER_UPDATE) flush();
    },
    finish: () => {
      flush();
      return hash.digest("hex");
    },
  };
};
