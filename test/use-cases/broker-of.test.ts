import { describe, expect, it } from "vitest";
import { Env } from "../../lambdas/execute-orders/env.ts";
import { brokerOf } from "../../shared/use-cases/broker-of.ts";
import { goodEnvironment } from "../lambdas/good-environment.ts";
import { openWorld } from "./cycle-world.ts";

describe("the broker of a mode", () => {
  it("takes no order in shadow mode, whatever it is handed", async () => {
    let posts = 0;
    const { broker } = openWorld().ports;
    const counting = {
      ...broker,
      submitOrder: (...asked: Parameters<typeof broker.submitOrder>) => {
        posts += 1;
        return broker.submitOrder(...asked);
      },
    };
    const submitted = await brokerOf("shadow", counting).submitOrder({} as never, 1_000);
    expect(submitted.type).toBe("rejected");
    expect(posts).toBe(0);
    expect(brokerOf("paper", counting)).toBe(counting);
  });

  it("is never the host of real money unless the mode says live", () => {
    const live = { ...goodEnvironment, BROKER_URL: "https://api.alpaca.markets" };
    expect(Env.safeParse(live).error?.issues.map((issue) => issue.path)).toEqual([["BROKER_URL"]]);
    expect(Env.safeParse({ ...live, HOLDFAST_MODE: "shadow" }).success).toBe(false);
    expect(Env.safeParse({ ...live, HOLDFAST_MODE: "live" }).success).toBe(true);
  });
});
