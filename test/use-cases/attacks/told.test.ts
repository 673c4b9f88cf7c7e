import { expect, it } from "vitest";
import { usd } from "../../../shared/domain/market/money.ts";
import { ok } from "../../../shared/domain/result.ts";
import type { Alert } from "../../../shared/ports/alerts.ts";
import { keepAlerts } from "../../../shared/use-cases/keep-alerts.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { runOnce } from "../trading-account.ts";
import { handOver, heldInBracket } from "./scene.ts";

const REDUCING = "trading-reducing-main";

/** A day that begins with 100,000 USD, and has lost a tenth of it. */
const lossyDay = async () => {
  const account = await heldInBracket();
  const read = await account.deps.broker.readAccount();
  if (!read.ok) throw new Error("The fixture's account was not read.");
  const { value } = read;
  const { telemetry, clock } = account.deps;
  const told: Alert[] = [];
  const topic = {
    publish: async (alert: Alert) => {
      told.push(alert);
    },
  };
  const alerts = keepAlerts({ alerts: topic, telemetry, clock });
  const poorer = {
    ...account.deps.broker,
    readAccount: async () => ok({ ...value, equity: usd(90_000) }),
  };
  const reconcile = createReconcileOrders({ ...account.deps, alerts, broker: poorer });
  const words = () => told.filter(({ key }) => key === REDUCING);
  return { account, reconcile, words };
};

it("tells of a limit that was reached, wherever the run that found it dies", async () => {
  for (let call = 1; ; call++) {
    const { account, reconcile, words } = await lossyDay();
    account.killAtCall(call);
    const first = await runOnce(reconcile);
    account.killAtCall(undefined);
    account.advance(60_000);
    await reconcile();
    // Whoever dies right behind the telling tells again, under one key: that pages once.
    expect.soft([call, words().length > 0]).toEqual([call, true]);
    expect(words()[0]).toMatchObject({ severity: "critical", runbook: "trading-reducing" });
    if (first !== "ended") return;
  }
});

it("tells of it once, however long it goes on within the hour", async () => {
  const { account, reconcile, words } = await lossyDay();
  for (let minute = 0; minute < 30; minute++) {
    await reconcile();
    account.advance(60_000);
  }
  expect(words()).toHaveLength(1);
});

it("does not tell of a takeover as of a limit", async () => {
  const account = await heldInBracket();
  await handOver(account);
  const settings = { ...account.deps.settings, region: (await account.cell()).activeRegion };
  await createReconcileOrders({ ...account.deps, settings })();
  expect(account.alerts.map(({ key }) => key)).not.toContain(REDUCING);
});
