import { describe, expect, it } from "vitest";
import { shares } from "../../shared/domain/market/quantity.ts";
import { haltTrading, reduceTrading } from "../../shared/domain/risk/trading-state.ts";
import { createFinishTakeover } from "../../shared/use-cases/finish-takeover.ts";
import { createTakeOver } from "../../shared/use-cases/take-over.ts";
import { updateCell } from "../../shared/use-cases/update-cell.ts";
import { IBM, intentOf, NOW_MS } from "../fixtures/orders.ts";
import { openAccount, settings, type TradingAccount } from "./trading-account.ts";

const OTHER = "us-west-2";
const WISH = { reason: "The lease did not beat.", by: "keep-lease", epoch: 1 };

const inOther = (account: TradingAccount) => ({
  ...account.deps,
  settings: { ...settings, region: OTHER },
});

const takeOver = (account: TradingAccount, wish = WISH) => createTakeOver(inOther(account))(wish);

const finish = (account: TradingAccount) => createFinishTakeover(inOther(account))();

describe("taking an account over", () => {
  it("raises the epoch, leaves exits only, and tells people", async () => {
    const account = await openAccount();
    expect(await takeOver(account)).toEqual({
      ok: true,
      value: { epoch: 2, activeRegion: OTHER },
    });
    expect(await account.cell()).toMatchObject({
      epoch: 2,
      activeRegion: OTHER,
      tradingState: { mode: "reducing", by: "failover" },
      reconciliation: { state: "unverified" },
    });
    expect(account.alerts).toMatchObject([{ action: "trigger", severity: "critical" }]);
  });

  it("happens once: the same wish again is fulfilled, one of an older epoch refused", async () => {
    const account = await openAccount();
    await takeOver(account);
    const before = await account.cell();
    expect(await takeOver(account)).toEqual({ ok: true, value: { epoch: 2, activeRegion: OTHER } });
    const here = { ...WISH, epoch: 7 };
    expect(await takeOver(account, here)).toMatchObject({ ok: false, error: { type: "Refused" } });
    const backHome = createTakeOver(account.deps)(WISH);
    expect(await backHome).toMatchObject({
      ok: false,
      error: { type: "Refused", detail: "Epoch 1 is over: us-west-2 holds epoch 2." },
    });
    expect(await account.cell()).toEqual(before);
  });

  it("is refused where the broker cannot be reached from", async () => {
    const account = await openAccount();
    account.setBrokerDown(true);
    expect(await takeOver(account)).toMatchObject({ ok: false, error: { type: "Unavailable" } });
    expect((await account.cell()).epoch).toBe(1);
  });

  it("loses to a takeover that comes between its look and its write", async () => {
    const account = await openAccount();
    const { broker } = account.deps;
    const deps = inOther(account);
    const late = createTakeOver({
      ...deps,
      broker: {
        readAccount: async () => {
          await createTakeOver({ ...deps, settings: { ...settings, region: "eu-west-1" } })(WISH);
          return broker.readAccount();
        },
      },
    });
    expect(await late(WISH)).toMatchObject({ ok: false, error: { type: "Refused" } });
    expect(await account.cell()).toMatchObject({ epoch: 2, activeRegion: "eu-west-1" });
  });

  it("is not known to have happened when its answer is lost, and is fulfilled when asked", async () => {
    const account = await openAccount();
    account.loseNextSave("unavailable");
    expect(await takeOver(account)).toMatchObject({
      ok: false,
      error: { type: "Unavailable", detail: expect.stringContaining("not known") },
    });
    expect(await account.cell()).toMatchObject({ epoch: 2, activeRegion: OTHER });
    expect(await takeOver(account)).toMatchObject({ ok: true, value: { epoch: 2 } });
  });

  it("meets its own write as a conflict when the store repeats it", async () => {
    const account = await openAccount();
    account.loseNextSave("conflict");
    expect(await takeOver(account)).toMatchObject({ ok: true, value: { epoch: 2 } });
    expect(await account.cell()).toMatchObject({ epoch: 2, activeRegion: OTHER });
  });
});

describe("finishing a takeover", () => {
  it("makes the account active once it is clean, and ends the alert", async () => {
    const account = await openAccount();
    await takeOver(account);
    expect(await finish(account)).toMatchObject({ state: "active" });
    expect((await account.cell()).tradingState).toMatchObject({ mode: "active", by: "failover" });
    expect(account.alerts.map(({ action }) => action)).toEqual(["trigger", "resolve"]);
    expect(await finish(account)).toMatchObject({ state: "active" });
    expect(account.alerts).toHaveLength(2);
  });

  it("waits while an order of the old epoch is unknown, and settles it first", async () => {
    const account = await openAccount();
    account.plan("acceptAndLoseAnswer");
    await account.execute(intentOf(), { remainingMs: () => 10_000 });
    await takeOver(account);
    account.setBrokerDown(true);
    expect(await finish(account)).toMatchObject({ state: "waiting" });
    account.setBrokerDown(false);
    account.advance(60_000);
    expect(await finish(account)).toMatchObject({ state: "active" });
    expect(account.taken).toHaveLength(1);
    expect((await account.cell()).holdings[IBM]?.quantity ?? shares(0)).toBe(account.position(IBM));
  });

  it("does not overrule a person, a limit, or an incompatibility that was found meanwhile", async () => {
    for (const stop of [haltTrading, reduceTrading]) {
      const account = await openAccount();
      await takeOver(account);
      const change = { reason: "Not now.", by: "alice", atMs: NOW_MS };
      await updateCell(account.deps, await account.cell(), (cell) => stop(cell, change));
      expect(await finish(account)).toMatchObject({ state: "stopped" });
      expect((await account.cell()).tradingState).toMatchObject({ by: "alice" });
    }
  });

  it("keeps halted what was halted before", async () => {
    const account = await openAccount();
    const change = { reason: "Stop.", by: "alice", atMs: NOW_MS };
    await updateCell(account.deps, await account.cell(), (cell) => haltTrading(cell, change));
    await takeOver(account);
    expect(await finish(account)).toMatchObject({ state: "stopped" });
    expect((await account.cell()).tradingState.mode).toBe("halted");
  });

  it("has nothing to do in a Region that does not hold the account", async () => {
    const account = await openAccount();
    expect(await finish(account)).toMatchObject({ state: "stopped" });
  });
});
