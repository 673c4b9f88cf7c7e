import * as z from "zod";
import { FAILURES } from "../../domain/chaos/chaos-mode.ts";
import type { ChaosRecord } from "../../domain/chaos/chaos-record.ts";
import type { ChaosLog } from "../../ports/chaos.ts";
import { EpochMsCodec } from "./codecs/primitives.ts";
import type { ItemStore } from "./item-store.ts";

const RecordCodec: z.ZodType<ChaosRecord> = z.object({
  failure: z.enum(FAILURES),
  by: z.string().max(255),
  beganAtMs: EpochMsCodec,
  endsAtMs: EpochMsCodec,
  clearedAtMs: EpochMsCodec.nullable(),
});

const KEPT_MS = 14 * 86_400_000;
const DIGITS = 16;

/** What was broken on purpose, on an item store; what cannot be read breaks nothing. */
export const createStoredChaosLog = (
  store: ItemStore,
  { region }: { readonly region: string },
): ChaosLog => {
  const partition = `chaos#${region}`;
  return {
    list: async (limit) => {
      const items = await store.query({
        partition,
        sortPrefix: "",
        direction: "backward",
        limit,
      });
      return items.flatMap(({ document }) => {
        const read = RecordCodec.safeParse(document);
        return read.success ? [read.data] : [];
      });
    },
    note: async (record) => {
      const sort = String(record.beganAtMs).padStart(DIGITS, "0");
      const expiresAtMs = record.beganAtMs + KEPT_MS;
      await store.put({ partition, sort, document: record, expiresAtMs }, { type: "none" });
    },
  };
};
