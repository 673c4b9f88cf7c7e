import type { Ticker } from "../market/ticker.ts";
import type { Direction } from "./direction.ts";

/** What a scoring run decided about one symbol, kept so that every decision can be explained. */
export type ScoreRecord = {
  readonly symbol: Ticker;
  readonly atMs: number;
  readonly score: number;
  readonly direction: Direction;
  readonly conviction: number;
  readonly freshness: number;
  readonly components: readonly { readonly name: string; readonly value: number }[];
  readonly missing: readonly string[];
  /** Empty when the gate let the score through. */
  readonly gateReasons: readonly string[];
  /** What came of it: the id of the intent, or why there is none. */
  readonly outcome: string;
  /** Where the model is missing: the direction is of basic indicators, and decides exits alone. */
  readonly basis?: "basicIndicators" | undefined;
};
