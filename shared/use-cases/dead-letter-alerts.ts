import type { TendedQueue } from "../domain/dead-letters/dead-letter.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alert } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { LostLetter } from "./tend-dead-letters.ts";

const SUMMARY_MAX = 1_024;
const NAMED_MAX = 5;

/** One alert for all that one run lost of a queue; undefined where it lost nothing. */
export const alertOfDeadLetters = (
  {
    clock,
    settings,
  }: { readonly clock: Clock; readonly settings: Pick<Settings, "mode" | "region"> },
  queue: TendedQueue,
  lost: readonly LostLetter[],
): Alert | undefined => {
  if (lost.length === 0) return undefined;
  const exposed = lost.filter(({ isPositionOpen }) => isPositionOpen);
  const kept = lost.filter(({ isPositionOpen }) => !isPositionOpen);
  const sentences = [
    ...(exposed.length === 0
      ? []
      : [`${exposed.length} exits died while their positions are open. ${named(exposed)}`]),
    ...(kept.length === 0 ? [] : [`${kept.length} messages were quarantined. ${named(kept)}`]),
  ];
  return {
    key: `dead-letters-${queue}-${settings.region}`,
    action: "trigger",
    severity: queue === "exits" ? "critical" : "error",
    summary: `${queue}: ${sentences.join(" ")}`.slice(0, SUMMARY_MAX),
    component: "dead-letters",
    mode: settings.mode,
    atMs: clock.nowMs(),
    runbook: "dead-letters",
  };
};

const named = (letters: readonly LostLetter[]): string =>
  letters
    .slice(0, NAMED_MAX)
    .map(({ tended }) => `${tended.about === "" ? tended.id : tended.about}: ${tended.reason}`)
    .join(" ");
