import { describe, expect, it } from "vitest";
import { RetryableError } from "../../shared/domain/fault.ts";
import { err } from "../../shared/domain/result.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import { createReconcileOrders } from "../../shared/use-cases/reconcile-orders.ts";
import { openAccount } from "./trading-account.ts";

const DOWN = { type: "LedgerUnavailable", detail: "No answer." } as const;

describe("a reconciliation that meets a ledger which fails", () => {
  it.each<[string, Partial<Ledger>, string]>([
    ["reads nothing", { loadCell: async () => err(DOWN) }, "The cell was not read: No answer."],
    ["stores nothing", { saveCell: async () => err(DOWN) }, "The reconciled cell was not stored."],
  ])("says so before the next cycle does, where it %s", async (_what, broken, detail) => {
    const { deps, telemetry } = await openAccount();
    const reconcile = createReconcileOrders({ ...deps, ledger: { ...deps.ledger, ...broken } });
    await expect(reconcile()).rejects.toThrow(RetryableError);
    for (const component of ["ledger", "reconcile-orders"]) {
      expect(await telemetry.loadEvidence(component, 1)).toMatchObject([
        { succeeded: false, detail },
      ]);
    }
  });
});
