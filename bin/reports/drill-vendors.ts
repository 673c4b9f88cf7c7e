import type { VendorDrill } from "../../local/drills/vendors/drill-vendors.ts";
import type { VendorRow } from "../../local/drills/vendors/measure-row.ts";
import type { VerbContext } from "../verb.ts";
import { drillVerdict } from "./drill-verdict.ts";
import { modeBadge, paletteOf, table, type Palette } from "./text.ts";

/** A drill of the vendors for a person: a line for each fault, what is wrong below, the verdict. */
export const vendorDrillText = (drill: VendorDrill, context: VerbContext): string => {
  const palette = paletteOf(context);
  const { rows, seed, speed, seconds } = drill;
  const wrong = rows.flatMap(({ fault, faults }) => faults.map((one) => `${fault}: ${one}\n`));
  const held = "Every fault struck, no wrong price was used, and every vendor came back.";
  const head =
    `${modeBadge(drill.mode, palette)} Vendor drill, seed ${seed}, speed ${speed}x, ` +
    `${seconds} s of trading under each fault\n`;
  const lines = rows.map((row) => toCells(row, palette));
  return `${head}${table(COLUMNS, lines, palette)}${wrong.join("")}${drillVerdict(drill, held, palette)}\n`;
};

const toCells = (row: VendorRow, palette: Palette): readonly string[] => [
  row.fault,
  row.struck.toString(),
  row.polls.toString(),
  row.failovers.toString(),
  row.failoverP99Ms === null ? "-" : `${row.failoverP99Ms} ms`,
  row.failoverMaxMs === null ? "-" : `${row.failoverMaxMs} ms`,
  row.darkPolls.toString(),
  `${row.longestGapSeconds} s`,
  `${row.wrongPricesUsed} of ${row.quotesUsed}`,
  `${row.entriesOnOneWord} of ${row.entries}`,
  row.exits.toString(),
  `${row.duplicates + row.unguarded}`,
  row.secondsToRecover === null ? "never" : `${row.secondsToRecover} s`,
  row.ok ? palette.green("ok") : palette.red("FAILED"),
];

const COLUMNS = [
  { title: "FAULT", align: "left" },
  { title: "STRUCK", align: "right" },
  { title: "POLLS", align: "right" },
  { title: "FAILOVERS", align: "right" },
  { title: "P99", align: "right" },
  { title: "AT MOST", align: "right" },
  { title: "DARK", align: "right" },
  { title: "LONGEST GAP", align: "right" },
  { title: "WRONG PRICES", align: "right" },
  { title: "ON ONE WORD", align: "right" },
  { title: "EXITS", align: "right" },
  { title: "BAD ORDERS", align: "right" },
  { title: "WELL AFTER", align: "right" },
  { title: "", align: "left" },
] as const;
