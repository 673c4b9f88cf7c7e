import type * as z from "zod";
import type { ScoresBody } from "../../shared/adapters/holdfast-api/contract/scores.ts";
import { clockTime, table, type Palette } from "./text.ts";

type Score = z.output<typeof ScoresBody>["scores"][number];

/** A cycle is of one minute; its shards are scored one after the other. */
const CYCLE_MS = 60_000;
const SYMBOLS_SHOWN = 8;

/** What the last cycle decided, by what came of it, the most frequent first. */
export const describeDecisions = (scores: readonly Score[], palette: Palette): string => {
  const newestMs = scores.reduce((newest, { atMs }) => Math.max(newest, atMs), -Infinity);
  const latest = scores.filter(({ atMs }) => newestMs - atMs < CYCLE_MS);
  if (latest.length === 0) return "No cycle has scored anything yet.\n";
  const groups = Map.groupBy(latest, kindOf);
  const rows = [...groups]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([kind, group]) => [kind, group.length.toString(), symbolsOf(group)]);
  return `The cycle of ${clockTime(newestMs)}\n${table(COLUMNS, rows, palette)}`;
};

const COLUMNS = [
  { title: "CAME TO", align: "left" },
  { title: "SYMBOLS", align: "right" },
  { title: "HIGHEST SCORES", align: "left" },
] as const;

/** Every reason of the gate, else where it stopped, else the order that was made. */
const kindOf = ({ gateReasons, outcome }: Score): string => {
  if (gateReasons.length > 0) return `gated: ${gateReasons.join(", ")}`;
  return /^[a-z]+\./.test(outcome) ? outcome.replace(".", ": ") : "an order";
};

const symbolsOf = (group: readonly Score[]): string => {
  const shown = group
    .toSorted((left, right) => right.score - left.score)
    .slice(0, SYMBOLS_SHOWN)
    .map(({ symbol, score }) => `${symbol} ${score.toFixed(2)}`);
  const more = group.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(", ");
};
