import * as z from "zod";
import { DRILL_SCENARIOS } from "../../shared/domain/failover/deployed-drill.ts";

const DrillId = z.string().regex(/^[A-Za-z0-9-]{8,64}$/);

/** One step of a drill, as the workflow asks for it. */
export const Step = z.discriminatedUnion("step", [
  z.strictObject({
    step: z.literal("prepare"),
    drillId: DrillId,
    scenario: z.enum([...DRILL_SCENARIOS, "next"]),
  }),
  z.strictObject({ step: z.literal("strike"), drillId: DrillId }),
  z.strictObject({ step: z.literal("observe"), drillId: DrillId }),
  z.strictObject({ step: z.literal("restore"), drillId: DrillId }),
  z.strictObject({ step: z.literal("report"), drillId: DrillId }),
]);

/** A step that was read. */
export type Step = z.infer<typeof Step>;
