import type { OrderDrill } from "../../local/drills/orders/drill-orders.ts";
import type { FaultRow } from "../../local/drills/orders/drill-fault.ts";
import type { VerbContext } from "../verb.ts";
import { drillVerdict } from "./drill-verdict.ts";
import { modeBadge, paletteOf, table, type Palette } from "./text.ts";

/** An order drill for a person: a line for each fault, what is wrong below, the verdict last. */
export const orderDrillText = (drill: OrderDrill, context: VerbContext): string => {
  const palette = paletteOf(context);
  const { rows, totals } = drill;
  const total = { ...totals, fault: "all", struck: rows.reduce((sum, row) => sum + row.struck, 0) };
  const lines = [
    ...rows.map((row) => toCells(row, palette)),
    // Of one that was stopped the rows say how each was, and the last line what is missing.
    ...(drill.isStopped ? [] : [toCells({ ...total, ok: drill.ok }, palette)]),
  ];
  const wrong = rows.flatMap(({ fault, differences }) =>
    differences.map((difference) => `${fault}: ${difference}\n`),
  );
  const held = "Every fault struck, and nothing was lost, doubled or left unguarded.";
  const head = `${modeBadge(drill.mode, palette)} Order drill, seed ${drill.seed}, speed ${drill.speed}x\n`;
  return `${head}${table(COLUMNS, lines, palette)}${wrong.join("")}${drillVerdict(drill, held, palette)}\n`;
};

const toCells = (
  row: Omit<FaultRow, "differences" | "tradingMode" | "ledgerEqualsBroker"> &
    Pick<OrderDrill["totals"], "ledgerEqualsBroker">,
  palette: Palette,
): readonly string[] => [
  row.fault,
  row.struck.toString(),
  row.ordersSent.toString(),
  row.duplicates.toString(),
  row.unguarded.toString(),
  row.unknownLeft.toString(),
  row.ledgerEqualsBroker === true ? "yes" : "no",
  row.secondsToSettle === null ? "never" : `${row.secondsToSettle} s`,
  row.ok ? palette.green("ok") : palette.red("FAILED"),
];

const COLUMNS = [
  { title: "FAULT", align: "left" },
  { title: "STRUCK", align: "right" },
  { title: "ORDERS", align: "right" },
  { title: "DOUBLED", align: "right" },
  { title: "UNGUARDED", align: "right" },
  { title: "UNKNOWN", align: "right" },
  { title: "BOOKS AGREE", align: "left" },
  { title: "SETTLED IN", align: "right" },
  { title: "", align: "left" },
] as const;
