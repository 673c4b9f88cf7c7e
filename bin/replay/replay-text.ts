import {
  formatMoney,
  moneyToFloat,
  subtractMoney,
  type Money,
} from "../../shared/domain/market/money.ts";
import type { CountsByReason, ReplayResult } from "../../local/replay/replay-result.ts";
import { quotesPerSecond } from "./replay-json.ts";

const LABEL_WIDTH = 18;
const COUNT_WIDTH = 10;

/** A replay's result for a person: what passed each stage, and why the rest did not. */
export const toReplayText = (result: ReplayResult): string =>
  `${[...headline(result), "", ...funnel(result), "", ...ending(result)].join("\n")}\n`;

const headline = ({ days, symbols, seed, mode, isStopped }: ReplayResult): readonly string[] => {
  const span = days.length === 1 ? days[0] : `${days[0]} to ${days.at(-1)}`;
  const listed = symbols.length > 12 ? "" : `: ${symbols.join(", ")}`;
  return [
    `${plural(days.length, "day")} (${span}), ${plural(symbols.length, "symbol")}${listed}.`,
    `Mode ${mode}, seed ${seed}. Options flow is not recorded; it is made from the seed.`,
    ...(isStopped ? ["Stopped before the recording's end."] : []),
  ];
};

const funnel = (result: ReplayResult): readonly string[] => [
  row("Quotes", result.quotes, reasons("rejected", result.quotesRejected)),
  row("Scored", result.scored, reasons("went no further", result.stopped)),
  row("Intents", result.intents, ""),
  row("Approved", result.approved, reasons("denied", result.denied)),
  row("Orders", result.orders, ""),
  row("Fills", result.fills, ""),
  row("Duplicate orders", result.duplicateOrders, ""),
  row("Unguarded orders", result.unguardedOrders, ""),
  row("Rows skipped", sum(result.rowsSkipped), reasons("", result.rowsSkipped)),
];

const ending = (result: ReplayResult): readonly string[] => [
  label("Equity", equityText(result.startingEquity, result.endingEquity)),
  label("Trading state", result.tradingState),
  ...result.differences.map((difference) => label("Difference", difference)),
  ...result.faults.map((fault) => label("Fault", fault)),
  label("Trace", result.traceHash),
  label(
    "Took",
    `${(result.elapsedMs / 1_000).toFixed(2)} s, ` +
      `${grouped(quotesPerSecond(result))} quotes a second`,
  ),
];

const equityText = (start: Money, end: Money): string => {
  const change = subtractMoney(end, start);
  const percent = (moneyToFloat(change) / moneyToFloat(start)) * 100;
  const sign = change >= 0 ? "+" : "";
  return (
    `${formatMoney(start)} USD, then ${formatMoney(end)} ` +
    `(${sign}${formatMoney(change)}, ${sign}${percent.toFixed(3)} %)`
  );
};

const row = (name: string, count: number, note: string): string =>
  `${name.padEnd(LABEL_WIDTH)}${grouped(count).padStart(COUNT_WIDTH)}  ${note}`.trimEnd();

const label = (name: string, text: string): string => `${name.padEnd(LABEL_WIDTH)}${text}`;

/** `rejected 12: stale 10, crossed 2`; the most frequent first, nothing where there are none. */
const reasons = (verb: string, counts: CountsByReason): string => {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  if (entries.length === 0) return "";
  const list = entries
    .toSorted(([, left], [, right]) => right - left)
    .map(([reason, count]) => `${reason} ${grouped(count)}`)
    .join(", ");
  return verb === "" ? list : `${verb} ${grouped(sum(counts))}: ${list}`;
};

const sum = (counts: CountsByReason): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const plural = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

const grouped = (count: number): string => count.toLocaleString("en-US");
