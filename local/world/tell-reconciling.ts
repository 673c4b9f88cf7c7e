import type { Clock } from "../../shared/ports/clock.ts";
import type { ReconcileReport } from "../../shared/use-cases/reconcile-orders.ts";
import type { Functions } from "../functions.ts";
import type { TellEvent } from "./world-event.ts";

/** Reconciling, which tells when the result is another than the last. */
export const tellReconciling = (
  reconcileOrders: Functions["reconcileOrders"],
  { tell, clock }: { readonly tell: TellEvent; readonly clock: Pick<Clock, "nowMs"> },
): (() => Promise<ReconcileReport>) => {
  let lastTold = "";
  return async () => {
    const report = await reconcileOrders({});
    const { isClean, differences } = report;
    const told = isClean ? "clean" : differences.join(" ");
    if (told !== lastTold) {
      tell({ type: "reconciled", atMs: clock.nowMs(), isClean, differences });
    }
    lastTold = told;
    return report;
  };
};
