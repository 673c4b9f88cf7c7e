import type { KillDrill } from "../../local/drills/kills/drill-kills.ts";
import type { VerbContext } from "../verb.ts";
import { modeBadge, paletteOf } from "./text.ts";

/** A kill drill for a person: what happened, what was counted, and the verdict. */
export const killDrillText = (drill: KillDrill, context: VerbContext): string => {
  const palette = paletteOf(context);
  const verdict = drill.ok
    ? palette.green("Nothing was lost, doubled or left unguarded.")
    : palette.red("The drill failed.");
  return [
    `${modeBadge(drill.mode, palette)} Kill drill, seed ${drill.seed}, speed ${drill.speed}x`,
    `Killed      ${drill.kills} times, ${drill.killsAtWork} of them at work`,
    `Orders      ${drill.ordersSent} with ${drill.fills} fills`,
    `Trades on   ${drill.tradesAgain ? "yes" : "no"}`,
    `Doubled     ${drill.duplicates}`,
    `Unguarded   ${drill.unguarded}`,
    `Unknown     ${drill.unknownLeft}`,
    `Books agree ${drill.ledgerEqualsBroker ? `after ${drill.secondsToSettle} s` : "no"}`,
    ...drill.differences,
    verdict,
    "",
  ].join("\n");
};
