import { describe, expect, it } from "vitest";
import { createRepairs } from "../../../shared/use-cases/healing/read-repairs.ts";
import { healWorld } from "./heal-world.ts";
import { REMEDIES } from "../../../shared/use-cases/healing/remedies/allow-list.ts";

describe("a repair order", () => {
  it("is taken once by each environment, and again when it is given again", async () => {
    const { deps, healing, time } = await healWorld();
    const { clock } = deps;
    const environments = [createRepairs({ healing, clock }), createRepairs({ healing, clock })];
    for (let round = 0; round < 2; round++) {
      time.nowMs += 60_000;
      await REMEDIES.resetVendor.apply("alpaca", deps);
      time.nowMs += 60_000;
      for (const repairs of environments) {
        expect(await repairs.take("restartPolling", ["alpaca"])).toEqual([]);
        expect(await repairs.take("resetVendor", ["polygon"])).toEqual([]);
        expect(await repairs.take("resetVendor", ["polygon", "alpaca"])).toEqual(["alpaca"]);
        expect(await repairs.take("resetVendor", ["alpaca"])).toEqual([]);
      }
    }
  });

  it("is not for an environment that began after it, nor after its time", async () => {
    const { deps, healing, time } = await healWorld();
    const { clock } = deps;
    const old = createRepairs({ healing, clock });
    time.nowMs += 1_000;
    await REMEDIES.restartPolling.apply("SPY", deps);
    time.nowMs += 1_000;
    const young = createRepairs({ healing, clock });
    expect(await young.take("restartPolling", ["SPY"])).toEqual([]);
    time.nowMs += 11 * 60_000;
    expect(await old.take("restartPolling", ["SPY"])).toEqual([]);
  });
});
