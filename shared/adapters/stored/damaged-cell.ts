import { createHash } from "node:crypto";
import * as z from "zod";
import { NO_WISH } from "../../domain/risk/rebuild-cell.ts";
import type { CellHints, DamagedCell } from "../../ports/ledger.ts";
import { textToDocument } from "./document.ts";
import type { RawItem } from "./item-store.ts";

/** More writes than an account can see; a damaged number beyond it is no hint. */
const PLAUSIBLE_MAX = 1_000_000_000_000;

const PlausibleCount = z.int().min(0).max(PLAUSIBLE_MAX);

const TradingStateHint = z.object({
  mode: z.string().optional().catch(undefined),
  isFlattening: z.boolean().optional().catch(undefined),
  suspendAtBroker: z.boolean().optional().catch(undefined),
});

/** Each part is read for itself: one that is damaged hides no other. */
const Hints = z
  .object({
    body: z
      .object({
        version: PlausibleCount.optional().catch(undefined),
        epoch: PlausibleCount.optional().catch(undefined),
        activeRegion: z.string().max(32).optional().catch(undefined),
        tradingState: TradingStateHint.optional().catch(undefined),
      })
      .transform(({ version, epoch, activeRegion, tradingState }): CellHints => ({
        version,
        epoch,
        activeRegion,
        wish: {
          isHalted: tradingState?.mode === "halted",
          isFlattening: tradingState?.isFlattening === true,
          suspendAtBroker: tradingState?.suspendAtBroker === true,
        },
      })),
  })
  .transform(({ body }) => body);

const NO_HINTS: CellHints = {
  version: undefined,
  epoch: undefined,
  activeRegion: undefined,
  wish: NO_WISH,
};

/** What is left of a cell that cannot be read. */
export const rawToDamage = ({ text, version, epoch }: RawItem): DamagedCell => ({
  text,
  version,
  epoch,
  digest: createHash("sha256")
    .update(text ?? "")
    .digest("hex"),
  hints: Hints.safeParse(text === null ? undefined : textToDocument(text)).data ?? NO_HINTS,
});
