import type { Mode } from "../../shared/domain/settings.ts";
import type { WorldEnd } from "../../local/world/world.ts";
import { clockTime, levelText, modeBadge, type Palette } from "../reports/text.ts";
import type { StartingWorld } from "./progress.ts";

const SYMBOLS_SHOWN = 12;

/** What each mode does with orders. */
const PROMISES: Readonly<Record<Mode, string>> = {
  sim: "a simulated exchange; no order leaves this machine.",
  shadow: "real data, every decision, and no order is sent.",
  paper: "orders go to Alpaca's paper account: play money.",
  live: "ORDERS TRADE REAL MONEY.",
};

/** What is where, before the world runs. */
export const describeStart = (world: StartingWorld, palette: Palette): readonly string[] => {
  const { settings, state, record, seed, data, speed, forMs, vendors } = world;
  const row = (name: string, text: string): string => `${palette.dim(name.padEnd(9))} ${text}`;
  const shown = settings.symbols.slice(0, SYMBOLS_SHOWN).join(" ");
  const more = settings.symbols.length - SYMBOLS_SHOWN;
  const kept = record === undefined ? "new" : "goes on from where it stopped";
  const aside = state.movedAsideTo === undefined ? "" : `; the old one is in ${state.movedAsideTo}`;
  const simulated =
    data === undefined ? `simulated, seed ${seed}` : `recorded days in ${data.path}`;
  const flow =
    vendors?.credentials.token === undefined && vendors !== undefined
      ? "; no flow without UNUSUAL_WHALES_TOKEN, so that hardly any entry scores high enough"
      : "";
  return [
    `${modeBadge(settings.mode, palette)} ${palette.bold("Holdfast")}: ${PROMISES[settings.mode]}`,
    row("market", vendors === undefined ? simulated : `${vendors.brokerUrl}${flow}`),
    row("symbols", more > 0 ? `${shown} and ${more} more` : shown),
    row("speed", `${speed}x${forMs === undefined ? "" : `, for ${Math.round(forMs / 1_000)} s`}`),
    row("state", `${state.path} (${kept})${aside}`),
  ];
};

/** How the world stood, after it was stopped. */
export const describeEnd = (end: WorldEnd, palette: Palette): readonly string[] => {
  const { level, tradingMode, schedules, atMs } = end;
  const cycles = schedules["trading-cycle"];
  const counted =
    cycles === undefined
      ? ""
      : `${cycles.started} ${cycles.started === 1 ? "cycle" : "cycles"}, ${cycles.skipped} missed, ${cycles.failed} failed. `;
  return [
    `Stopped at ${clockTime(atMs)} New York. ${counted}` +
      `Health ${levelText(level ?? "unknown", palette)}, trading ${tradingMode ?? "never opened"}.`,
  ];
};
