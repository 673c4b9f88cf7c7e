import type { RestoreDrill } from "../../local/drills/restore/drill-restore.ts";
import type { VerbContext } from "../verb.ts";
import { modeBadge, paletteOf } from "./text.ts";

/** A restore drill for a person: what came back, what was taken up, and the verdict. */
export const restoreDrillText = (drill: RestoreDrill, context: VerbContext): string => {
  const palette = paletteOf(context);
  const verdict = drill.ok
    ? palette.green("Nothing was lost, doubled or left unguarded.")
    : palette.red("The drill failed.");
  const { itemsRestored, ordersRestored, exports, restoreSeconds } = drill;
  return [
    `${modeBadge(drill.mode, palette)} Restore drill, seed ${drill.seed}, speed ${drill.speed}x`,
    `Restored    ${itemsRestored} items, ${ordersRestored} orders, ${exports} exports, ${restoreSeconds} s`,
    `Lost        ${drill.secondsLost} s of trading, ${drill.ordersLost} orders`,
    `Still lost  ${drill.ordersStillLost}`,
    `Fenced      ${drill.isFenced ? "yes" : "no"}, ${drill.entriesBeforeResume} entries before resuming`,
    `Trades on   ${drill.tradesAgain ? "yes" : "no"}`,
    `Doubled     ${drill.duplicates}`,
    `Unguarded   ${drill.unguarded}`,
    `Unknown     ${drill.unknownLeft}`,
    `Books agree ${drill.ledgerEqualsBroker ? `after ${drill.secondsToSettle} s` : "no"}`,
    ...drill.differences,
    ...drill.auditFlaws,
    verdict,
    "",
  ].join("\n");
};
