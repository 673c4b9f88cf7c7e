import { epochMsToNewYork } from "../../shared/domain/market/new-york-time.ts";
import { moneyToFloat } from "../../shared/domain/market/money.ts";
import type { EquitySample } from "../../local/replay/chaos/account-probe.ts";
import type { ChaosBacktest } from "../../local/replay/chaos/run-backtest.ts";
import { clockTime, modeBadge, span, table, type Palette } from "../reports/text.ts";
import { chaosDifference, figuresOf, type ChaosFigures } from "./chaos-json.ts";

const FAILED_WORK_SHOWN = 5;
const SPARKS = 64;

/**
 * A chaos backtest for a person: both runs side by side, each fault's own cost, the verdict last.
 */
export const toChaosText = (backtest: ChaosBacktest, palette: Palette): string => {
  const { result } = backtest.without;
  const days = result.days.length === 1 ? "1 day" : `${result.days.length} days`;
  const span =
    result.days.length === 1 ? result.days[0] : `${result.days[0]} to ${result.days.at(-1)}`;
  return [
    `${modeBadge("sim", palette)} Chaos backtest of ${days} (${span}), seed ${result.seed}\n\n`,
    ...(isChaosStopped(backtest) ? [STOPPED] : []),
    sideBySide(backtest, palette),
    equityCurves(backtest),
    ...notWell(backtest),
    costs(backtest, palette),
    ...failovers(backtest),
    ...failedWork(backtest),
    `\n${verdict(backtest, palette)}\n`,
  ].join("");
};

const STOPPED = "Stopped before the recording's end: what stands here are parts of days.\n\n";

/** Whether one of its runs was stopped before it had come to the end. */
export const isChaosStopped = (backtest: ChaosBacktest): boolean =>
  [backtest.without, backtest.with, ...backtest.alone].some(({ result }) => result.isStopped);

const sideBySide = (backtest: ChaosBacktest, palette: Palette): string => {
  const before = rowsOf(figuresOf(backtest.without));
  const after = rowsOf(figuresOf(backtest.with));
  const difference = rowsOf(chaosDifference(backtest.without, backtest.with));
  const rows = before.map(({ name, value, isMoney }, index) => [
    name,
    shown(value, isMoney),
    shown(after[index]?.value ?? 0, isMoney),
    signed(difference[index]?.value ?? 0, isMoney),
  ]);
  const states = [backtest.without, backtest.with].map(({ result }) => result.tradingState);
  return table(
    [
      { title: "", align: "left" },
      { title: "WITHOUT", align: "right" },
      { title: "WITH", align: "right" },
      { title: "DIFFERENCE", align: "right" },
    ],
    [...rows, ["Trading state at the end", ...states, ""]],
    palette,
  );
};

type Row = { readonly name: string; readonly value: number; readonly isMoney: boolean };

const rowsOf = (figures: ChaosFigures): readonly Row[] => [
  { name: "Orders", value: figures.orders, isMoney: false },
  { name: "Fills", value: figures.fills, isMoney: false },
  { name: "Exposure at its peak, USD", value: figures.exposure.peak, isMoney: true },
  { name: "Exposure on average, USD", value: figures.exposure.average, isMoney: true },
  { name: "Exposure at the end, USD", value: figures.exposure.atEnd, isMoney: true },
  { name: "Profit or loss, USD", value: figures.profit.total, isMoney: true },
  { name: "  realised", value: figures.profit.realised, isMoney: true },
  { name: "  at the mark", value: figures.profit.atTheMark, isMoney: true },
  { name: "Minutes degraded", value: figures.minutesDegraded, isMoney: false },
  { name: "Duplicate orders", value: figures.duplicateOrders, isMoney: false },
  { name: "Unguarded orders", value: figures.unguardedOrders, isMoney: false },
];

const shown = (value: number, isMoney: boolean): string =>
  value.toLocaleString(
    "en-US",
    isMoney ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : {},
  );

const signed = (value: number, isMoney: boolean): string =>
  value === 0 ? "-" : `${value > 0 ? "+" : ""}${shown(value, isMoney)}`;

const equityCurves = ({ without, with: struck }: ChaosBacktest): string => {
  const [before, after] = [without.history.equity, struck.history.equity];
  const all = [...before, ...after].map(({ equity }) => moneyToFloat(equity));
  if (all.length === 0) return "";
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const lines = [
    `  without  ${sparkline(before, low, high)}`,
    `  with     ${sparkline(after, low, high)}`,
  ];
  return `\nEquity, ${shown(low, true)} to ${shown(high, true)} USD\n${lines.join("\n")}\n`;
};

const COMPONENTS_SHOWN = 6;

/** What was not well, and for how many minutes of either run; a minute may have several. */
const notWell = ({ without, with: struck }: ChaosBacktest): readonly string[] => {
  const told = [without, struck].map(({ history }) => {
    const all = Object.entries(history.minutesByComponent).toSorted((a, b) => b[1] - a[1]);
    const more = all.length - COMPONENTS_SHOWN;
    return [
      ...all
        .slice(0, COMPONENTS_SHOWN)
        .map(([name, minutes]) => `${name} ${shown(minutes, false)}`),
      ...(more > 0 ? [`and ${more} more, see --json`] : []),
    ].join(", ");
  });
  if (told.every((text) => text === "")) return [];
  const [before = "", after = ""] = told.map((text) => (text === "" ? "none" : text));
  return [`\nMinutes not healthy, by component\n  without  ${before}\n  with     ${after}\n`];
};

const BARS = "▁▂▃▄▅▆▇█";

/** The curve in as many bars as a line holds, each the last value of its part. */
const sparkline = (samples: readonly EquitySample[], low: number, high: number): string => {
  const count = Math.min(SPARKS, samples.length);
  return Array.from({ length: count }, (_, index) => {
    const sample = samples[Math.ceil(((index + 1) * samples.length) / count) - 1];
    const value = sample === undefined ? low : moneyToFloat(sample.equity);
    const share = high === low ? 0 : (value - low) / (high - low);
    return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? "";
  }).join("");
};

const costs = (backtest: ChaosBacktest, palette: Palette): string => {
  const rows = backtest.faults.map(({ text }, index) => {
    const alone = backtest.alone[index];
    const cost = alone === undefined ? undefined : chaosDifference(backtest.without, alone);
    return [
      text,
      shown(backtest.with.struck[text] ?? 0, false),
      signed(cost?.orders ?? 0, false),
      signed(cost?.fills ?? 0, false),
      signed(cost?.profit.total ?? 0, true),
      signed(cost?.minutesDegraded ?? 0, false),
    ];
  });
  const heading = table(
    [
      { title: "FAULT, BY ITSELF", align: "left" },
      { title: "STRUCK", align: "right" },
      { title: "ORDERS", align: "right" },
      { title: "FILLS", align: "right" },
      { title: "PROFIT, USD", align: "right" },
      { title: "MINUTES DEGRADED", align: "right" },
    ],
    rows,
    palette,
  );
  return `\n${heading}`;
};

const failovers = (backtest: ChaosBacktest): readonly string[] =>
  backtest.with.failovers.map(({ from, to, lostAtMs, fencedAtMs, tradingAtMs }, index) => {
    const traded =
      tradingAtMs === undefined
        ? "it never traded again"
        : `trading after ${span(tradingAtMs - lostAtMs)}`;
    const line = `${epochMsToNewYork(lostAtMs).date} ${clockTime(lostAtMs)}  ${from} lost, ${to} fenced it after ${span(fencedAtMs - lostAtMs)}, ${traded}.\n`;
    return index === 0 ? `\n${line}` : line;
  });

/** What failed while the faults held; that is their doing, and it is told, not hidden. */
const failedWork = ({ with: struck }: ChaosBacktest): readonly string[] => {
  const { faults } = struck.result;
  if (faults.length === 0) return [];
  const more = faults.length - FAILED_WORK_SHOWN;
  return [
    "\nWork that failed and was taken up again later:\n",
    ...faults.slice(0, FAILED_WORK_SHOWN).map((sentence) => `  ${sentence}\n`),
    ...(more > 0 ? [`  and ${more} more, see --json\n`] : []),
  ];
};

const verdict = (backtest: ChaosBacktest, palette: Palette): string => {
  const runs = [backtest.without, backtest.with, ...backtest.alone];
  const isSafe = runs.every(
    ({ result }) => result.duplicateOrders === 0 && result.unguardedOrders === 0,
  );
  if (!isSafe) return palette.red("An order was doubled or left unguarded.");
  const { differences, tradingState } = backtest.with.result;
  if (differences.length > 0) return palette.yellow(`The books differ: ${differences.join(" ")}`);
  return tradingState === "active"
    ? palette.green("Nothing was doubled or unguarded, and the books agree at the end.")
    : palette.yellow(`Nothing was doubled or unguarded; trading is ${tradingState} at the end.`);
};
