import { describe, expect, it } from "vitest";
import type { Claim } from "../../../shared/domain/risk/control-cell.ts";
import { takeUpRestored } from "../../../shared/use-cases/take-up-restored.ts";
import { cellOf, IBM, intentOf, must, NOW_MS } from "../../fixtures/orders.ts";
import { openAccount } from "../trading-account.ts";
import { UNHURRIED } from "./scene.ts";

describe("taking up what was lost", () => {
  it("ends for an account that holds a hundred positions under their brackets", async () => {
    const source = await openAccount();
    source.plan("acceptAndFill");
    await source.execute(intentOf(), UNHURRIED);
    await source.reconcile();
    const claim: Claim = must(Object.values((await source.cell()).inFlight)[0]);
    expect(claim.stage).toBe("protecting");
    const brackets = Array.from({ length: 100 }, (_, minute) => {
      const { clientOrderId } = intentOf({ minute: minute + 1 });
      return [clientOrderId, { ...claim, clientOrderId }] as const;
    });
    const account = await openAccount(
      cellOf({
        inFlight: Object.fromEntries(brackets),
        reconciliation: { state: "unverified", cleanAtMs: null, restoredAsOfMs: NOW_MS },
      }),
    );
    const broker = {
      ...account.deps.broker,
      listOrders: async () => source.deps.broker.listOrders(0),
    };
    const taken = await takeUpRestored({ ...account.deps, broker }, await account.cell());
    expect(taken).toMatchObject({ ok: true, value: { isComplete: true } });
    expect(taken.ok && taken.value.cell.inFlight[intentOf().clientOrderId]?.symbol).toBe(IBM);
  });
});
