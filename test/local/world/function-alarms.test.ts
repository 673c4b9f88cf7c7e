import { describe, expect, it } from "vitest";
import type { Functions } from "../../../local/functions.ts";
import { alarmFunctions } from "../../../local/world/function-alarms.ts";
import { createMemoryAlerts } from "../../../shared/adapters/memory/alerts.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";

const createAlarmed = (outcome: () => Promise<unknown>) => {
  const alerts = createMemoryAlerts();
  let failed = 0;
  const call = (): Promise<never> => outcome() as Promise<never>;
  const bare = new Proxy({}, { get: () => call }) as Functions;
  const functions = alarmFunctions(bare, {
    alerts,
    clock: { nowMs: () => 1 },
    settings: { mode: "sim", region: "local" },
    onFailure: () => undefined,
    onFailed: () => {
      failed++;
    },
  });
  return { functions, alerts, failed: () => failed };
};

const swallow = async (call: Promise<unknown>): Promise<void> => {
  await call.catch(() => undefined);
};

describe("the alarms on functions", () => {
  it("tell of a bug at once, and once, and that it is over", async () => {
    let isBroken = true;
    const { functions, alerts } = createAlarmed(async () => {
      if (isBroken) throw new TypeError("A bug.");
    });
    await swallow(functions.pollFlow({}));
    await swallow(functions.pollFlow({}));
    isBroken = false;
    await functions.pollFlow({});
    expect(alerts.published()).toMatchObject([
      { key: "function-errors-local-poll-flow", action: "trigger", severity: "error" },
      { key: "function-errors-local-poll-flow", action: "resolve" },
    ]);
  });

  it("wait for the third time of what passes by itself, but have health looked at at once", async () => {
    const { functions, alerts, failed } = createAlarmed(() =>
      Promise.reject(new RetryableError("No answer.")),
    );
    await swallow(functions.reconcileOrders({}));
    await swallow(functions.reconcileOrders({}));
    expect(failed()).toBe(2);
    expect(alerts.published()).toEqual([]);
    await swallow(functions.reconcileOrders({}));
    expect(alerts.published()).toHaveLength(1);
  });

  it("never wait where health itself cannot be derived: unknown is not OK", async () => {
    const { functions, alerts } = createAlarmed(() =>
      Promise.reject(new RetryableError("No answer.")),
    );
    await swallow(functions.aggregateHealth({}));
    expect(alerts.published()).toMatchObject([{ component: "aggregate-health" }]);
  });
});
