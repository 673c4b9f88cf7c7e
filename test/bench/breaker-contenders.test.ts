import { expect, it } from "vitest";
import { proveSameDecisions } from "../../bench/breaker-contenders.ts";

it("opens at the very call at which cockatiel and opossum do, where the rules are the same", async () => {
  await expect(proveSameDecisions()).resolves.toBeUndefined();
});
