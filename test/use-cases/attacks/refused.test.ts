import { expect, it } from "vitest";
import type { Alert } from "../../../shared/ports/alerts.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { keepAlerts } from "../../../shared/use-cases/keep-alerts.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { intentOf, quoteOf } from "../../fixtures/orders.ts";
import { openAccount, type TradingAccount } from "../trading-account.ts";
import { heldInBracket, patient, UNHURRIED } from "./scene.ts";

/** Two shares in a bracket, and what people are told from now on. */
const openPlace = async () => {
  const account = await heldInBracket();
  const told: Alert[] = [];
  const { telemetry, clock } = account.deps;
  const topic = {
    publish: async (alert: Alert) => {
      if (alert.key.startsWith("exit-")) told.push(alert);
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

/** The broker ends what it has taken last, as it may where an exchange turns it down. */
const endLast = ({ taken }: TradingAccount, status: (typeof ENDS)[number]): void => {
  const last = taken.at(-1);
  if (last !== undefined) taken[taken.length - 1] = { ...last, status, statusText: status };
};

const ENDS = ["rejected", "cancelled", "expired"] as const;

it.each(ENDS)(
  "tells of an exit that is taken and then %s, once, until all is closed",
  async (end) => {
    const { account, exit, reconcile, words, told } = await openPlace();
    for (const minute of [0, 1, 2]) {
      expect((await exit(minute)).type).toBe("acknowledged");
      endLast(account, end);
      await reconcile();
      account.advance(60_000);
    }
    expect(words()).toEqual(["trigger exit-ended-main-IBM"]);
    expect(told[0]).toMatchObject({ severity: "critical", runbook: "exit-refused" });
    account.plan("acceptAndFill");
    await exit(3);
    await reconcile();
    expect(words()).toEqual(["trigger exit-ended-main-IBM", "resolve exit-ended-main-IBM"]);
  },
);

it("counts an entry that is taken and rejected afterwards: repeated ones stop its symbol", async () => {
  const account = await openAccount();
  const enter = async (minute: number) => {
    account.advance(360_000);
    await account.telemetry.recordQuotes(0, [quoteOf("99.99", "100.01", account.nowMs() - 1_000)]);
    await account.reconcile();
    return account.execute(patient({ minute }, account), UNHURRIED);
  };
  for (const minute of [6, 12, 18]) {
    expect(await enter(minute)).toMatchObject({ type: "acknowledged" });
    endLast(account, "rejected");
    await account.reconcile();
  }
  expect((await account.cell()).day?.rejects).toMatchObject([{ code: "rejected", count: 3 }]);
  expect(await enter(24)).toEqual({ type: "denied", reasons: ["rejectLatch"] });
});
