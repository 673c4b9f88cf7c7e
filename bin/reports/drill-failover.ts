import type { FailoverDrill } from "../../local/drills/failover/drill-failover.ts";
import type { FailoverRow } from "../../shared/domain/failover/failover-row.ts";
import type { VerbContext } from "../verb.ts";
import { drillVerdict } from "./drill-verdict.ts";
import { modeBadge, paletteOf, table, type Palette } from "./text.ts";

/** A failover drill for a person: a line for each direction, what is wrong below, the verdict. */
export const failoverDrillText = (drill: FailoverDrill, context: VerbContext): string => {
  const palette = paletteOf(context);
  const lines = drill.rows.map((row) => toCells(row, palette));
  const wrong = drill.rows.flatMap(({ scenario, to, differences }) =>
    differences.map((difference) => `${scenario} into ${to}: ${difference}\n`),
  );
  const held = "Every failover came about; nothing was lost, doubled or left unguarded.";
  const slower = drill.repeated.map(
    (name) => `${name} was run anew, slower: the machine had stood still.\n`,
  );
  const head = `${modeBadge(drill.mode, palette)} Failover drill, seed ${drill.seed}, speed ${drill.speed}x\n`;
  return `${head}${table(COLUMNS, lines, palette)}${[...slower, ...wrong].join("")}${drillVerdict(drill, held, palette)}\n`;
};

const toCells = (row: FailoverRow, palette: Palette): readonly string[] => [
  row.scenario,
  row.to,
  row.ordersSent.toString(),
  row.doubled.toString(),
  row.unguarded.toString(),
  row.lost.toString(),
  secondsText(row.secondsToFence),
  secondsText(row.secondsToActive),
  row.alerts.length.toString(),
  row.ledgerEqualsBroker ? "yes" : "no",
  row.ok ? palette.green("ok") : palette.red("FAILED"),
];

const secondsText = (seconds: number | null): string =>
  seconds === null ? "never" : `${seconds} s`;

const COLUMNS = [
  { title: "SCENARIO", align: "left" },
  { title: "INTO", align: "left" },
  { title: "ORDERS", align: "right" },
  { title: "DOUBLED", align: "right" },
  { title: "UNGUARDED", align: "right" },
  { title: "LOST", align: "right" },
  { title: "FENCED IN", align: "right" },
  { title: "TRADES IN", align: "right" },
  { title: "ALERTS", align: "right" },
  { title: "BOOKS AGREE", align: "left" },
  { title: "", align: "left" },
] as const;
