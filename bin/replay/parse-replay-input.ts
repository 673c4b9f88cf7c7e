import { parseFaults, type FaultSpec } from "../../local/replay/chaos/parse-faults.ts";
import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
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

const SEED_MAX = 0xffff_ffff;
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
    symbols: symbols === undefined ? undefined : parseSymbols(String(symbols)),
    speed,
    seed: parseSeed(String(options["seed"] ?? "1")),
    configurationPath: String(options["config"]),
    faults: faults === undefined ? undefined : readFaults(String(faults)),
  };
};

const requireDirectory = (word: string | undefined): string => {
  if (word !== undefined) return word;
  throw usageFault("Missing required argument 'dir': the directory of the recorded days.");
};

const readFaults = (text: string): readonly FaultSpec[] => {
  const parsed = parseFaults(text);
  if (parsed.ok) return parsed.value;
  throw usageFault(`--faults: ${parsed.error} See \`replay --faults help\`.`);
};

const parseSymbols = (text: string): readonly Ticker[] => {
  const words = text.split(",").map((word) => word.trim());
  const symbols = words.map((word) => {
    const symbol = parseTicker(word.toUpperCase());
    if (symbol === undefined) throw usageFault(`--symbols: ${quoted(word)} is not a symbol.`);
    return symbol;
  });
  return [...new Set(symbols)];
};

const parseSpeed = (text: string): number => {
  if (text === "max") return Infinity;
  const speed = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (speed >= SPEED_MIN && speed <= SPEED_MAX) return speed;
  throw usageFault(`--speed: ${quoted(text)} is neither max nor a number from 0.1 to 100000.`);
};

const parseSeed = (text: string): number => {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (seed <= SEED_MAX) return seed;
  throw usageFault(`--seed: ${quoted(text)} is not a whole number from 0 to 4294967295.`);
};

const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));
