import type * as z from "zod/mini";
import type { HaltedBody } from "../../shared/adapters/holdfast-api/contract/trading-state.ts";
import { levelText, modeBadge, type Palette } from "./text.ts";

/** Says which state holds, and whether what was wished for is true at the broker. */
export const proofText = (body: z.infer<typeof HaltedBody>, palette: Palette): string => {
  const { mode, reason, by } = body.tradingState;
  const proof = body.isProven ? palette.green(body.detail) : palette.yellow(body.detail);
  const left = body.left.length === 0 ? "" : `Left: ${body.left.join(", ")}\n`;
  const state = `Trading is ${levelText(mode, palette)}: ${reason} (${by})`;
  return `${modeBadge(body.mode, palette)} ${state}\n${proof}\n${left}`;
};
