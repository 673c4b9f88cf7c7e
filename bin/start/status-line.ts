import { marketPhase } from "../../shared/domain/market/calendar.ts";
import type { Mode } from "../../shared/domain/settings.ts";
import type { WorldEvent } from "../../local/world/world-event.ts";
import type { World } from "../../local/world/world.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import { clockTime, levelText, modeBadge, type Palette } from "../reports/text.ts";
import type { VerbContext } from "../verb.ts";

/** A line at the bottom of a terminal that is refreshed in place; elsewhere there is none. */
export type StatusLine = {
  /** Writes a line above it. */
  readonly print: (text: string) => void;
  /** Takes from an event what the line shows. */
  readonly note: (event: WorldEvent) => void;
  readonly start: (world: Pick<World, "nowMs">) => void;
  readonly stop: () => void;
};

const REFRESH_MS = 500;
const CLEAR_LINE = "\r\u001b[2K";

/** Makes the status line of a shell. */
export const createStatusLine = ({
  context,
  timers,
  palette,
  mode,
}: {
  readonly context: VerbContext;
  readonly timers: Timers;
  readonly palette: Palette;
  readonly mode: Mode;
}): StatusLine => {
  const counts = { filled: 0, denied: 0, cycles: 0 };
  let health = "unknown";
  let dataMode: string | null = null;
  let world: Pick<World, "nowMs"> | undefined;
  let cancel: (() => void) | undefined;

  const draw = (): void => {
    if (world === undefined || !context.isTerminal) return;
    const nowMs = world.nowMs();
    const parts = [
      `${modeBadge(mode, palette)} ${clockTime(nowMs)} ${marketPhase(nowMs).phase}`,
      `health ${levelText(health, palette)}`,
      ...(dataMode === null ? [] : [`data ${levelText(dataMode, palette)}`]),
      `${counts.cycles} cycles`,
      `${counts.filled} fills`,
      `${counts.denied} denied`,
    ];
    context.write(`${CLEAR_LINE}${parts.join(palette.dim(" | "))}`);
  };
  const refresh = (): void => {
    draw();
    cancel = timers.after(REFRESH_MS, refresh);
  };

  return {
    print: (text) => {
      const isDrawn = world !== undefined && context.isTerminal;
      context.write(`${isDrawn ? CLEAR_LINE : ""}${text}\n`);
      draw();
    },
    note: (event) => {
      if (event.type === "orderFilled") counts.filled += 1;
      if (event.type === "orderDenied") counts.denied += 1;
      if (event.type === "cycle") {
        counts.cycles += 1;
        dataMode = event.dataMode ?? dataMode;
      }
      if (event.type === "healthChanged") health = event.to;
    },
    start: (running) => {
      world = running;
      if (context.isTerminal) refresh();
    },
    stop: () => {
      cancel?.();
      if (world !== undefined && context.isTerminal) context.write(CLEAR_LINE);
      world = undefined;
    },
  };
};
