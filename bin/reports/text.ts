import pc from "picocolors";
import type { VerbContext } from "../verb.ts";

/** Colours where a person looks and wants them; plain text everywhere else. */
export type Palette = ReturnType<typeof pc.createColors>;

/** The palette for a shell; `NO_COLOR` turns colours off. */
export const paletteOf = ({ isTerminal, environment }: VerbContext): Palette =>
  pc.createColors(isTerminal && (environment["NO_COLOR"] ?? "") === "");

/** A column's heading and the side its cells keep to. */
export type Column = { readonly title: string; readonly align: "left" | "right" };

// oxlint-disable-next-line no-control-regex -- colours are control characters and have no width
const COLOUR = /\u001b\[\d+m/g;

const widthOf = (text: string): number => text.replaceAll(COLOUR, "").length;

/** Writes rows under headings in aligned columns, two spaces apart. */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  palette: Palette,
): string => {
  const heads = columns.map(({ title }) => palette.dim(title));
  const widths = columns.map((_, index) =>
    Math.max(...[heads, ...rows].map((cells) => widthOf(cells[index] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? "";
        const gap = " ".repeat((widths[index] ?? 0) - widthOf(cell));
        return align === "left" ? `${cell}${gap}` : `${gap}${cell}`;
      })
      .join("  ")
      .trimEnd();
  return [heads, ...rows].map((cells) => `${line(cells)}\n`).join("");
};

/** Writes the mode so that it is never overlooked. */
export const modeBadge = (mode: string, palette: Palette): string => {
  const name = ` ${mode.toUpperCase()} `;
  const colour = mode === "live" ? palette.bgRed : mode === "sim" ? palette.bgCyan : palette.bgBlue;
  return palette.isColorSupported ? colour(palette.black(name)) : `[${name.trim()}]`;
};

/** Colours a level or a state by how good it is; what is not known is never green. */
export const levelText = (level: string, palette: Palette): string => {
  if (GOOD.has(level)) return palette.green(level);
  if (BAD.has(level)) return palette.red(level);
  return NEUTRAL.has(level) ? level : palette.yellow(level);
};

const GOOD = new Set(["OK", "healthy", "active", "clean", "filled", "full"]);
const BAD = new Set([
  "FAILED",
  "FAILED_CONFIG",
  "FAILED_API_SCHEMA",
  "critical",
  "unhealthy",
  "halted",
  "unknown",
  "orphaned",
  "rejected",
  "cached",
  "static",
]);
const NEUTRAL = new Set(["new", "claimed", "acknowledged", "cancelled", "expired", "replaced"]);

const newYork = new Intl.DateTimeFormat("en-GB", {
  timeZone: "America/New_York",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** `10:42:17`, in New York. */
export const clockTime = (atMs: number): string => newYork.format(atMs);

/** `12 s`, `3 m`, `2 h 10 m`: an age at a glance. */
export const span = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  return minutes < 48 * 60
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} m`
    : `${Math.floor(minutes / 1_440)} days`;
};

/** `+12.30` for a gain, `-4.00` for a loss, a dash where it is not known. */
export const profitText = (amount: string | null, palette: Palette): string => {
  if (amount === null) return "-";
  const shown = twoDecimals(amount);
  if (shown.startsWith("-")) return palette.red(shown);
  return /[1-9]/.test(shown) ? palette.green(`+${shown}`) : shown;
};

/** Decimal text with two places, cut and not rounded; the exact value is in the JSON. */
export const twoDecimals = (amount: string | null): string =>
  amount === null ? "-" : amount.replace(/(\.\d\d)\d+$/, "$1");
