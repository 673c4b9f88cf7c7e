import * as z from "zod/mini";

// This folder says what the operator's API answers, as its clients rely on it: the CLI and the
// page. Times are epoch ms. Fields that no client reads are left out.

/** The world that an answer is about; it stands in every body. */
export const ModeBody = z.object({ mode: z.enum(["sim", "shadow", "paper", "live"]) });

/** Money, a price or a quantity, as decimal text. */
export const Decimal = z.string().check(z.regex(/^-?\d{1,15}(\.\d{1,18})?$/));

/** An answer that was kept from before the store stopped answering; when it was read. */
export const KeptBody = z.object({ answerKeptAtMs: z.number() });

/** Orders of the account: open ones, and the legs of brackets around what is held. */
export const OrderCounts = z.object({ open: z.number(), protecting: z.number() });
