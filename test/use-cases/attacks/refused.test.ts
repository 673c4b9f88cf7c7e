import { expect, it } from "vitest";
import type { Alert } from "../../../shared/ports/alerts.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { keepAlerts } from "../../../shared/use-cases/keep-alerts.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { intentOf } from "../../fixtures/orders.ts";
import { heldInBracket, patient, UNHURRIED } from "./scene.ts";

/** Two shares in a bracket, and what people are told from now on. */
const openPlace = async () => {
  const account = await heldInBracket();
  const told: Alert[] = [];
  const { telemetry, clock } = account.deps;
  const topic = {
    publish: async (alert: Alert) => {
      if (alert.key.startsWith("exit-refused")) told.push(alert);
    },
  };
  const deps = { ...account.deps, alerts: keepAlerts({ alerts: topic, telemetry, clock }) };
  const exit = (minute: number) =>
    createExecuteOrder(deps)(
      patient({ side: "sell", purpose: "exit", minute }, account),
      UNHURRIED,
    );
  const words = () => told.map(({ action, key }) => `${action} ${key}`);
  return { account, exit, reconcile: createReconcileOrders(deps), words, told };
};

it("tells people of an exit that the broker refuses, once, until another one is taken", async () => {
  const { account, exit, words, told } = await openPlace();
  account.plan("reject", "reject", "accept");
  expect((await exit(0)).type).toBe("rejected");
  expect((await exit(1)).type).toBe("rejected");
  expect(words()).toEqual(["trigger exit-refused-main-IBM"]);
  expect(told[0]).toMatchObject({ severity: "critical", runbook: "exit-refused" });
  expect((await exit(2)).type).toBe("acknowledged");
  expect(words()).toEqual(["trigger exit-refused-main-IBM", "resolve exit-refused-main-IBM"]);
});

it("tells people that it is over when the position is closed by something else", async () => {
  const { account, exit, reconcile, words } = await openPlace();
  account.plan("reject");
  await exit(0);
  account.fillTargetLate(intentOf().clientOrderId);
  expect(account.position()).toBe(0);
  await reconcile();
  expect(words()).toEqual(["trigger exit-refused-main-IBM", "resolve exit-refused-main-IBM"]);
});

it("tells nobody of an exit that is taken, nor of an entry that is refused", async () => {
  const { account, exit, reconcile, words } = await openPlace();
  account.plan("acceptAndFill");
  await exit(0);
  await reconcile();
  expect(words()).toEqual([]);
});
