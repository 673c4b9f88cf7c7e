import type * as z from "zod";
import type { ScoresBody } from "../../shared/adapters/holdfast-api/contract/scores.ts";
import { clockTime, table, type Palette } from "./text.ts";

type Score = z.output<typeof ScoresBody>["scores"][number];

const BAR_WIDTH = 24;

/** One symbol's last score, component by component, against the gate. */
export const describeScore = (score: Score, threshold: number, palette: Palette): string => {
  const { symbol, atMs, direction, freshness, components, missing, gateReasons } = score;
  const { outcome, basis } = score;
  const gap = threshold - score.score;
  const place =
    gap > 0
      ? `${gap.toFixed(2)} below the gate of ${threshold.toFixed(2)}`
      : `at or above the gate of ${threshold.toFixed(2)}`;
  const sum = components.reduce((all, { value }) => all + value, 0);
  return [
    `${palette.bold(symbol)} scored ${score.score.toFixed(3)} ${direction} at ${clockTime(atMs)}, `,
    `${place}.\n`,
    `Outcome: ${outcome === "" ? "none" : outcome}.`,
    gateReasons.length === 0 ? "\n" : ` The gate: ${gateReasons.join(", ")}.\n`,
    basis === undefined
      ? ""
      : `The model is missing: basic indicators (${direction}) decide exits, nothing enters.\n`,
    `\n${table(COLUMNS, rowsOf(score, palette), palette)}`,
    `Sum ${sum.toFixed(3)} x freshness ${freshness.toFixed(3)}, within 0 to 8.\n`,
    missing.length === 0 ? "" : `No input: ${missing.join(", ")}.\n`,
  ].join("");
};

const COLUMNS = [
  { title: "COMPONENT", align: "left" },
  { title: "PART", align: "right" },
  { title: "", align: "left" },
] as const;

const rowsOf = ({ components }: Score, palette: Palette): readonly (readonly string[])[] => {
  const most = Math.max(0.001, ...components.map(({ value }) => Math.abs(value)));
  return components
    .toSorted((left, right) => Math.abs(right.value) - Math.abs(left.value))
    .map(({ name, value }) => {
      const bar = "█".repeat(Math.round((Math.abs(value) / most) * BAR_WIDTH));
      const text = `${value >= 0 ? "+" : ""}${value.toFixed(3)}`;
      return [name, text, value >= 0 ? palette.cyan(bar) : palette.red(bar)];
    });
};
