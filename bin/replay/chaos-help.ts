import { CHAOS_KINDS } from "../../local/replay/chaos/fault-kinds.ts";
import { FAULT_GRAMMAR } from "../../local/replay/chaos/parse-faults.ts";

/** How faults of a chaos backtest are written, and what each one does. */
export const chaosHelp = (): string => {
  const width = Math.max(...CHAOS_KINDS.map(({ kind }) => kind.length));
  const kinds = CHAOS_KINDS.map(({ kind, summary }) => `  ${kind.padEnd(width)}  ${summary}`);
  return `${[
    `A fault is written ${FAULT_GRAMMAR}; several are separated by commas.`,
    "",
    ...kinds,
    "",
    "Times are New York's. Without a date a fault strikes on every recorded day. The duration may",
    "be left out for region-loss alone. The functions work at the start of each minute and at its",
    "seconds 2, 20 and 40: what holds at none of these moments strikes nothing.",
    "",
    "  --faults vendor-outage@10:00+15m,broker-5xx@11:00+5m,region-loss@13:00",
    "  --faults broker-timeout@2013-10-08T10:30:00+90s",
  ].join("\n")}\n`;
};
