import { parseFaults, type FaultSpec } from "../../local/replay/chaos/parse-faults.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { readNumber, readSymbols, readWhole, SEED_MAX } from "../typed-values.ts";
import { usageFault, type VerbInput } from "../verb.ts";

/** What the user asked for. */
export type ReplayRequest = {
  readonly directory: string;
  /** `undefined`: all that are recorded. */
  readonly symbols: readonly Ticker[] | undefined;
  /** Market minutes a minute of the host; Infinity: as fast as it goes. */
  readonly speed: number;
  readonly seed: number;
  readonly configurationPath: string;
  /** What a chaos backtest strikes with; `undefined`: a plain replay. */
  readonly faults: readonly FaultSpec[] | undefined;
};

const SPEED_MIN = 0.1;
const SPEED_MAX = 100_000;

/** Reads the words after `replay`. Throws a usage fault that names the first wrong one. */
export const parseReplayInput = ({ arguments: words, options }: VerbInput): ReplayRequest => {
  const { symbols, faults } = options;
  const speed = parseSpeed(String(options["speed"] ?? "max"));
  if (faults !== undefined && Number.isFinite(speed)) {
    throw usageFault("--speed does not go with --faults: the days are lived several times over.");
  }
  return {
    directory: requireDirectory(words[0]),
    symbols: symbols === undefined ? undefined : readSymbols(String(symbols)),
    speed,
    seed: readWhole("--seed", String(options["seed"] ?? "1"), SEED_MAX),
    configurationPath: String(options["config"]),
    faults: faults === undefined ? undefined : readFaults(String(faults)),
  };
};

const requireDirectory = (word: string | undefined): string => {
  if (word !== undefined) return word;
  throw usageFault(
    "`replay` takes <dir> (the directory of the recorded days); " +
      "more by npm run holdfast -- replay --help.",
  );
};

const readFaults = (text: string): readonly FaultSpec[] => {
  const parsed = parseFaults(text);
  if (parsed.ok) return parsed.value;
  throw usageFault(`--faults: ${parsed.error} See \`replay --faults help\`.`);
};

const parseSpeed = (text: string): number =>
  text === "max"
    ? Infinity
    : readNumber("--speed", text, { min: SPEED_MIN, max: SPEED_MAX, or: "max or " });
