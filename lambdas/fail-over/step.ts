import * as z from "zod";

const Wish = z.strictObject({
  to: z.string().min(1).max(64),
  reason: z.string().min(1).max(300),
  by: z.string().min(1).max(256),
  isPlanned: z.boolean(),
});

const Epoch = z.int().min(1);

const Outcome = z.strictObject({
  state: z.enum(["ready", "refused", "settled", "fenced", "waiting", "active", "stopped"]),
  epoch: Epoch,
  detail: z.string(),
});

/** One step of a failover, as the workflow asks for it. */
export const Step = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("assess"), wish: Wish }),
  z.strictObject({ step: z.literal("settle"), epoch: Epoch }),
  z.strictObject({ step: z.literal("fence"), wish: Wish, epoch: Epoch }),
  z.strictObject({ step: z.literal("reconcile") }),
  z.strictObject({ step: z.literal("announce"), outcome: Outcome, wish: Wish }),
]);

/** A step that was read. */
export type Step = z.infer<typeof Step>;
