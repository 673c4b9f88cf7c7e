import { resolve } from "node:path";
import { readRecordedDays } from "../../local/recorded-days/read-recorded-days.ts";
import type { RecordedDays } from "../../local/recorded-days/recorded-day.ts";
import type { Mode } from "../../shared/domain/settings.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { readNumber, readSymbols, readWhole, SEED_MAX } from "../typed-values.ts";
import { usageFault, VerbFault, type VerbInput } from "../verb.ts";
import { parseDuration } from "./parse-duration.ts";

/** What the user asked of `start`, checked. */
export type StartRequest = {
  readonly speed: number;
  /** `undefined` for those of the configuration, or of the recorded days. */
  readonly symbols: readonly Ticker[] | undefined;
  /** `undefined` for the seed that the state was made with, or the default. */
  readonly seed: number | undefined;
  readonly data: { readonly path: string; readonly recorded: RecordedDays } | undefined;
  /** How long to run, milliseconds of the host; `undefined` until stopped. */
  readonly forMs: number | undefined;
  readonly port: number;
  readonly state: string;
  readonly isFresh: boolean;
  readonly config: string;
};

const SPEED_MIN = 0.1;
/** Beyond this, the world's time-outs would be shorter than a pause of this machine. */
const SPEED_MAX = 120;
const SYMBOLS_MAX = 1_000;

/** Reads what was typed. Throws a `VerbFault` for the first thing that cannot be meant. */
export const readStart = ({ options }: VerbInput, mode: Mode): StartRequest => {
  const symbols = readSymbolsOf(textOf(options["symbols"]));
  return {
    speed: readNumber("--speed", options["speed"], { min: SPEED_MIN, max: SPEED_MAX }),
    symbols,
    seed:
      options["seed"] === undefined ? undefined : readWhole("--seed", options["seed"], SEED_MAX),
    data: readData(textOf(options["data"]), symbols),
    forMs: readFor(textOf(options["for"])),
    port: readWhole("--port", options["port"], 65_535),
    state: stateOf(String(options["state"]), mode),
    isFresh: options["fresh"] === true,
    config: String(options["config"]),
  };
};

const STATE_DEFAULT = ".holdfast";

/** Each mode keeps its own ledger. */
const stateOf = (path: string, mode: Mode): string =>
  mode === "sim" || path !== STATE_DEFAULT ? path : `${STATE_DEFAULT}-${mode}`;

type OptionValue = string | boolean | undefined;

const textOf = (value: OptionValue): string | undefined =>
  typeof value === "string" ? value : undefined;

const readSymbolsOf = (text: string | undefined): readonly Ticker[] | undefined => {
  if (text === undefined) return undefined;
  const symbols = readSymbols(text);
  if (symbols.length > SYMBOLS_MAX) throw usageFault(`--symbols takes at most ${SYMBOLS_MAX}.`);
  return symbols;
};

const readData = (
  path: string | undefined,
  symbols: readonly Ticker[] | undefined,
): StartRequest["data"] => {
  if (path === undefined) return undefined;
  const recorded = readRecordedDays(path, symbols === undefined ? {} : { symbols });
  if (!recorded.ok) {
    const { type, sentence } = recorded.error;
    throw type === "UnknownSymbol" ? usageFault(sentence) : new VerbFault(sentence);
  }
  return { path: resolve(path), recorded: recorded.value };
};

const readFor = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined)
    throw usageFault(`--for takes a duration such as 90s, 10m or 2h, not ${text}.`);
  return ms;
};
