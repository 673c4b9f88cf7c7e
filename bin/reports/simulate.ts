import { NOT_YET } from "../../simulation/coverage/coverage-list.ts";
import { replayCommand } from "../simulate/replay-command.ts";
import { COVERAGE_SEEDS_MIN, type PlantHunt, type Simulation } from "../simulate/simulation.ts";
import { coverageOf } from "../simulate/simulate-json.ts";
import type { VerbContext } from "../verb.ts";
import { modeBadge, paletteOf, table, type Palette } from "./text.ts";

const FAILED_SHOWN_MAX = 10;
const WIDTH = 100;
/** Where what belongs to a title begins. */
const HANGING = 12;

/** A batch of seeds for a person: a single seed's faults first, then sums, coverage and verdict. */
export const simulateText = (simulation: Simulation, context: VerbContext): string => {
  const palette = paletteOf(context);
  return [
    headline(simulation, palette),
    ...enabledFaults(simulation),
    ...sums(simulation),
    ...coverage(simulation, palette),
    ...failures(simulation, palette),
    verdict(simulation, palette),
    "",
  ].join("\n");
};

/** What became of the planted bugs, a line each. */
export const plantsText = (
  { plants, isStopped }: Pick<PlantHunt, "plants" | "isStopped">,
  context: VerbContext,
): string => {
  const palette = paletteOf(context);
  const rows = plants.map(({ name, caught, seed, mode, seedsTried, invariant }) => [
    name,
    caught ? palette.green("caught") : palette.red("MISSED"),
    seed === null ? "-" : `${seed} ${mode}`,
    seedsTried.toString(),
    invariant ?? "-",
  ]);
  const missed = plants.filter(({ caught }) => !caught).length;
  const verdict =
    missed > 0
      ? palette.red(`${missed} of ${plants.length} planted bugs were missed.`)
      : isStopped
        ? palette.yellow(`STOPPED before its end; ${plants.length} planted bugs were caught.`)
        : palette.green(`Every one of ${plants.length} planted bugs was caught.`);
  return `${table(
    [
      { title: "PLANT", align: "left" },
      { title: "", align: "left" },
      { title: "SEED", align: "left" },
      { title: "TRIED", align: "right" },
      { title: "BY", align: "left" },
    ],
    rows,
    palette,
  )}${verdict}\n`;
};

const headline = ({ request, batch }: Simulation, palette: Palette): string => {
  const { firstSeed, seeds, mode, days } = request;
  const named =
    seeds === 1 ? `seed ${firstSeed}` : `seeds ${firstSeed} to ${firstSeed + seeds - 1}`;
  const stopped = batch.isStopped ? `, stopped after ${batch.seeds}` : "";
  return `${modeBadge("sim", palette)} Simulation of ${named}, mode ${mode}, ${days} trading days each${stopped}`;
};

const enabledFaults = ({ batch: { single } }: Simulation): readonly string[] => {
  if (single === undefined) return [];
  const kinds = single.enabled.map(({ kind, rate }) => `${kind} ${Number(rate.toPrecision(2))}`);
  return ["", ...wrapped("Faults enabled, with their rates: ", kinds)];
};

const sums = ({ request, batch, elapsedMs }: Simulation): readonly string[] => {
  const { events, orders, seeds, single } = batch;
  const rate = Math.round((events * 1_000) / Math.max(1, elapsedMs));
  const injected = Object.entries(batch.faultsInjected).map(
    ([kind, count]) => `${kind} ${grouped(count)}`,
  );
  return [
    "",
    `Events      ${grouped(events)}, ${grouped(rate)} a second`,
    `Lived       ${Math.round(seeds * request.days * 1_000) / 1_000} trading days in ${(elapsedMs / 1_000).toFixed(1)} s`,
    `Orders      ${grouped(orders)}`,
    ...wrapped("Faults      ", injected),
    ...(single === undefined ? [] : [`Trace       ${single.traceHash}`]),
  ];
};

const coverage = (simulation: Simulation, palette: Palette): readonly string[] => {
  const { batch, isCoverageDemanded } = simulation;
  const rows = Object.entries(coverageOf(batch.coverage)).map(([name, count]) => [
    name,
    count === 0 && isCoverageDemanded ? palette.red("0") : grouped(count),
  ]);
  const notYet = NOT_YET.map(({ name }) => name);
  const demand = isCoverageDemanded
    ? "What was come across; a zero fails the run."
    : `What was come across; a zero fails runs of ${COVERAGE_SEEDS_MIN} seeds and more without --faults and --config.`;
  const head = [
    { title: "COVERAGE", align: "left" },
    { title: "TIMES", align: "right" },
  ] as const;
  return [
    "",
    demand,
    table(head, rows, palette).trimEnd(),
    ...(notYet.length === 0 ? [] : [`Not yet: ${notYet.join(", ")}`]),
  ];
};

const failures = (simulation: Simulation, palette: Palette): readonly string[] => {
  const { request, batch, explanation } = simulation;
  const [first, ...others] = batch.failed;
  if (first === undefined) return [];
  const listed = others
    .slice(0, FAILED_SHOWN_MAX)
    .map(({ seed, violations }) => `  seed ${seed}: ${violations[0]?.invariant ?? ""}`);
  const more = batch.failedSeeds - 1 - listed.length;
  return [
    "",
    palette.red(`Seed ${first.seed} breaks ${first.violations[0]?.invariant ?? "something"}:`),
    ...once(first.violations.map(({ invariant, detail }) => `  ${invariant}: ${detail}`)),
    ...(explanation === undefined ? [] : explained(simulation)),
    "",
    "Replay it with:",
    `  ${replayCommand(request, first.seed, explanation)}`,
    ...(listed.length === 0 ? [] : ["", "Other seeds that fail:", ...listed]),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
};

const explained = ({ explanation }: Simulation): readonly string[] => {
  if (explanation === undefined) return [];
  const { faults, isShrunk, isMinimal, tries, timeline } = explanation;
  const few = isMinimal ? "leaving out any one of these makes it pass" : "fewer may do";
  const head = isShrunk
    ? `The faults that it takes (${few}; the seed was run ${tries} times):`
    : "The faults that struck (none could be left out together):";
  return [
    "",
    head,
    ...(faults.length === 0
      ? ["  none: it fails without any fault"]
      : faults.map(({ kind, where, number }) => `  ${kind} at ${where} (${number})`)),
    "",
    "What happened, in New York's time:",
    ...timeline.map((line) => `  ${line}`),
  ];
};

/** Each line once, with how often it came. */
const once = (lines: readonly string[]): readonly string[] =>
  [...new Set(lines)].map((line) => {
    const times = lines.filter((other) => other === line).length;
    return times === 1 ? line : `${line} (${times} times)`;
  });

/** A list behind its title, in lines of the page's width that begin below each other. */
const wrapped = (title: string, items: readonly string[]): readonly string[] => {
  const lines: string[] = [];
  let line = title;
  for (const [index, item] of (items.length === 0 ? ["none"] : items).entries()) {
    const word = index < items.length - 1 ? `${item},` : item;
    if (line.length + word.length > WIDTH && line.trim() !== title.trim()) {
      lines.push(line.trimEnd());
      line = " ".repeat(HANGING);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
};

const verdict = ({ batch, gaps, isIdle }: Simulation, palette: Palette): string => {
  const lines = [
    ...(batch.failedSeeds > 0
      ? [palette.red(`${grouped(batch.failedSeeds)} of ${grouped(batch.seeds)} seeds failed.`)]
      : []),
    ...(gaps.length > 0 ? [palette.red(`Never come across: ${gaps.join(", ")}.`)] : []),
    ...(isIdle ? [palette.yellow("Not one order was made, so that nothing is proven.")] : []),
    ...(batch.isStopped ? [palette.yellow("It was stopped before its last seed.")] : []),
  ];
  return lines.length === 0
    ? `\n${palette.green(`Every invariant held after every event of ${grouped(batch.seeds)} ${batch.seeds === 1 ? "seed" : "seeds"}.`)}`
    : `\n${lines.join("\n")}`;
};

const grouped = (count: number): string => count.toLocaleString("en-US");
