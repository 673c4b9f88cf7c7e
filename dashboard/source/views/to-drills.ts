import type * as z from "zod/mini";
import type { DrillsBody } from "../../../shared/adapters/holdfast-api/contract/region.ts";
import type { DrillsView } from "../view.ts";

const DRILLS_SHOWN = 5;

/** The newest drills, each with what it left behind. */
export const toDrills = ({ drills }: z.infer<typeof DrillsBody>): DrillsView =>
  drills.slice(0, DRILLS_SHOWN).map(({ endedAtMs, place, ok, totals, rows }) => ({
    atMs: endedAtMs,
    place,
    isOk: ok,
    failovers: totals.failovers,
    rows: rows.map((row) => ({
      scenario: row.scenario,
      to: row.to,
      secondsToFence: row.secondsToFence,
      secondsToActive: row.secondsToActive,
      alerts: row.alerts.length,
      isOk: row.ok,
      harm: harmOf(row),
      differences: row.differences,
    })),
  }));

/** The first thing that was wrong: orders before time. */
const harmOf = (row: z.infer<typeof DrillsBody>["drills"][number]["rows"][number]): string => {
  if (row.ok) return "";
  const counts = [
    ["doubled", row.doubled],
    ["unguarded", row.unguarded],
    ["lost", row.lost],
  ] as const;
  const worst = counts.find(([, orders]) => orders > 0);
  return worst === undefined ? "late or unwell" : `${worst[1]} ${worst[0]}`;
};
