import * as z from "zod";

/** An item as a row of the database has it; it expires at an epoch ms, or never. */
export const ItemRow = z.object({
  partition: z.string(),
  sort: z.string(),
  document: z.string(),
  version: z.int().nullable(),
  epoch: z.int().nullable(),
  expires_at_ms: z.int().nullable(),
});
