import * as z from "zod";
import type { RestoreTest } from "../../shared/use-cases/verify-restore.ts";

const Flaw = z.strictObject({
  type: z.enum(["missing", "changed", "cut", "unreadable", "gap", "meaning", "refused"]),
  file: z.string(),
  detail: z.string(),
});

const Count = z.int().min(0);

const Test: z.ZodType<RestoreTest> = z.strictObject({
  phase: z.enum(["load", "check", "compare", "done"]),
  table: z.string(),
  startedAtMs: z.number(),
  asOfMs: z.number(),
  links: Count,
  lastLink: z.string(),
  filesTotal: Count,
  filesDone: Count,
  items: Count,
  partitions: z.array(z.string()),
  check: z.strictObject({
    sessions: Count,
    orders: Count,
    events: Count,
    fills: z.record(z.string(), z.int()),
  }),
  compared: Count,
  flaws: z.array(Flaw),
});

/** The slot names the test's table, so that a repeated begin is the same test. */
const Slot = z.iso.datetime({ offset: true });

/** One step of a restore test, as the workflow asks for it. */
export const Step = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("begin"), slot: Slot }),
  z.strictObject({ step: z.literal("goOn"), test: Test }),
  z.strictObject({ step: z.literal("report"), test: Test }),
  z.strictObject({
    step: z.literal("reportFault"),
    fault: z.object({ Error: z.string(), Cause: z.string().optional() }),
  }),
  z.strictObject({ step: z.literal("cleanUp"), slot: Slot }),
]);

/** A step that was read. */
export type Step = z.infer<typeof Step>;
