import { describe, expect, it } from "vitest";
import { sha256 } from "../../../shared/adapters/host/digest.ts";
import { createResumeTrading } from "../../../shared/use-cases/resume-trading.ts";
import { openOperated } from "../operator.ts";
import { atEveryMoment, interrupted } from "./interrupt.ts";

describe("an approval that is held up anywhere", () => {
  it.each(["halt", "flatten"] as const)(
    "overrules nobody who meanwhile asks to %s",
    async (wish) => {
      await atEveryMoment(async (at) => {
        const account = await openOperated();
        await account.halt({ reason: "First.", by: "alice" }, account.within(29_000));
        const asked = await account.resume.request("bob");
        if (!asked.ok) throw new Error(asked.error.detail);
        const { deps, wasHeldUp } = interrupted(account, at, async () => {
          const again = { reason: "Do not resume.", by: "dave" };
          if (wish === "halt") await account.halt(again, account.within(29_000));
          else await account.flatten({ ...again, suspendAtBroker: false }, account.within(29_000));
        });
        const resume = createResumeTrading({ ...deps, digest: sha256 });
        const { snapshotHash } = asked.value.request;
        await resume.approve({ by: "carol", snapshotHash });
        const { mode } = (await account.cell()).tradingState;
        expect.soft([at, mode !== "active"]).toEqual([at, wasHeldUp()]);
        return { wasHeldUp: wasHeldUp() };
      });
    },
  );
});
