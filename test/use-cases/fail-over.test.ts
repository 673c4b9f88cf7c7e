import { describe, expect, it } from "vitest";
import { haltTrading } from "../../shared/domain/risk/trading-state.ts";
import { createFailOver } from "../../shared/use-cases/fail-over.ts";
import { updateCell } from "../../shared/use-cases/update-cell.ts";
import { intentOf, NOW_MS, REGION } from "../fixtures/orders.ts";
import { createWorkflow } from "../../local/world/run-workflow.ts";
import { createHandler } from "../../lambdas/fail-over/handler.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { openAccount, settings, type TradingAccount } from "./trading-account.ts";

const OTHER = "us-west-2";
const WISH = { to: OTHER, reason: "A drill.", by: "alice", isPlanned: false };
const DEFINITION = new URL("../../lib/workflows/failover.asl.json", import.meta.url);

const failOverIn = (account: TradingAccount, region = OTHER) =>
  createFailOver({
    ...account.deps,
    pause: { wait: async (ms) => account.advance(ms) },
    settings: { ...settings, region },
  });

/** The deployed definition on the deployed handler; `before` may do something ahead of a step. */
const runWorkflow = (
  account: TradingAccount,
  wish: typeof WISH = WISH,
  before: (step: string) => Promise<void> | void = () => undefined,
): Promise<unknown> => {
  const deps = {
    ...account.deps,
    pause: { wait: async (ms: number) => account.advance(ms) },
    settings: { ...settings, region: OTHER },
  };
  const { clock } = account.deps;
  const handler = createHandler(deps, { log: silentLog, metrics: noMetrics, clock });
  const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 60_000 };
  return createWorkflow(
    DEFINITION,
    {
      FailOver: async (event) => {
        await before((event as { readonly step: string }).step);
        return handler(event, context);
      },
    },
    { WaitForClean: 0 },
  )({ wish });
};

describe("a failover that is asked for", () => {
  it("says beforehand what will happen, and changes nothing", async () => {
    const account = await openAccount();
    const before = await account.cell();
    expect(await failOverIn(account).plan(WISH)).toEqual({
      ok: true,
      value: {
        account: "main",
        from: REGION,
        to: OTHER,
        epoch: 1,
        tradingMode: "active",
        inFlight: 0,
        unknown: 0,
      },
    });
    expect(await account.cell()).toEqual(before);
  });

  it("is refused into the active Region, into an unknown one, and without a broker", async () => {
    const account = await openAccount();
    const before = await account.cell();
    const refusals = [
      await failOverIn(account, REGION).plan({ ...WISH, to: REGION }),
      await failOverIn(account).plan({ ...WISH, to: "eu-west-9" }),
    ];
    account.setBrokerDown(true);
    refusals.push(await failOverIn(account).plan(WISH));
    expect(refusals).toMatchObject([
      { error: { type: "Refused", detail: `${REGION} is the active Region already.` } },
      {
        error: { type: "Refused", detail: expect.stringContaining("knows no way to act in eu-we") },
      },
      {
        error: { type: "Unavailable", detail: expect.stringContaining("broker cannot be reached") },
      },
    ]);
    expect(await account.cell()).toEqual(before);
  });

  it("is refused while one is running, in whichever Region it is asked for", async () => {
    const account = await openAccount();
    await failOverIn(account).fence(WISH, 1);
    const before = await account.cell();
    for (const region of [REGION, OTHER]) {
      expect(await failOverIn(account, region).plan({ ...WISH, to: region })).toMatchObject({
        error: { type: "Refused", detail: expect.stringContaining("is under way") },
      });
    }
    expect(await account.cell()).toEqual(before);
  });

  it("waits for orders to settle where the other Region is alive, for 45 s at most", async () => {
    const account = await openAccount();
    account.plan("acceptAndLoseAnswer");
    await account.execute(intentOf(), { remainingMs: () => 10_000 });
    const failOver = failOverIn(account);
    expect(await failOver.plan(WISH)).toMatchObject({ value: { inFlight: 1, unknown: 1 } });
    expect(await failOver.settle(1)).toMatchObject({ detail: "1 orders are not settled." });
    expect(account.nowMs() - NOW_MS).toBe(45_000);
    await account.reconcile();
    expect(await failOver.settle(1)).toMatchObject({ detail: "0 orders are not settled." });
  });
});

describe("the failover workflow", () => {
  it.each([false, true])("ends active in the new Region (planned: %s)", async (isPlanned) => {
    const account = await openAccount();
    const steps: string[] = [];
    const outcome = await runWorkflow(account, { ...WISH, isPlanned }, (step) => {
      steps.push(step);
    });
    expect(outcome).toMatchObject({ state: "active", epoch: 2 });
    expect(steps).toEqual([
      "assess",
      ...(isPlanned ? ["settle"] : []),
      "fence",
      "reconcile",
      "announce",
    ]);
    expect(await account.cell()).toMatchObject({ epoch: 2, activeRegion: OTHER });
    expect(account.alerts.map(({ action }) => action)).toEqual(["trigger", "resolve", "resolve"]);
  });

  it("goes on where an earlier execution died, and fails back by the same move", async () => {
    const account = await openAccount();
    await failOverIn(account).fence(WISH, 1);
    expect(await runWorkflow(account)).toMatchObject({ state: "active", epoch: 2 });
    const back = failOverIn(account, REGION);
    expect(await back.fence({ ...WISH, to: REGION }, 2)).toMatchObject({ state: "fenced" });
    expect(await back.reconcile()).toMatchObject({ state: "active", epoch: 3 });
  });

  it("asks again until it is clean", async () => {
    const account = await openAccount();
    let asked = 0;
    const outcome = await runWorkflow(account, WISH, (step) => {
      if (step !== "reconcile") return;
      asked += 1;
      account.setBrokerDown(asked < 3);
    });
    expect(outcome).toMatchObject({ state: "active" });
    expect(asked).toBe(3);
  });

  it("is stopped by a halt before it is active, and says so", async () => {
    const account = await openAccount();
    const outcome = await runWorkflow(account, WISH, async (step) => {
      if (step !== "reconcile") return;
      const change = { reason: "Not today.", by: "bob", atMs: NOW_MS };
      await updateCell(account.deps, await account.cell(), (cell) => haltTrading(cell, change));
    });
    expect(outcome).toMatchObject({ state: "stopped" });
    expect((await account.cell()).tradingState).toMatchObject({ mode: "halted", by: "bob" });
    expect(account.alerts.at(-1)).toMatchObject({ action: "trigger", component: "fail-over" });
  });

  it("ends refused, with the reason and nothing changed, where it may not happen", async () => {
    const account = await openAccount();
    account.setBrokerDown(true);
    expect(await runWorkflow(account)).toMatchObject({ state: "refused", epoch: 1 });
    expect((await account.cell()).epoch).toBe(1);
  });

  it("leaves the old Region's stranded message without effect when that one comes back", async () => {
    const account = await openAccount();
    const stranded = intentOf();
    await runWorkflow(account);
    // The old Region's function, with its own settings, gets its message only now.
    await account.execute(stranded, { remainingMs: () => 10_000 });
    expect(account.taken).toEqual([]);
    expect(Object.keys((await account.cell()).inFlight)).toEqual([]);
  });
});
