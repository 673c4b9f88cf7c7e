import * as z from "zod";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createReconcileOrders,
  type ReconcileOrdersDeps,
  type ReconcileReport,
} from "../../shared/use-cases/reconcile-orders.ts";

/** Settles what is unknown and compares the ledger with the broker: woken by a schedule. */
export const createHandler = (
  deps: ReconcileOrdersDeps,
  runtime: Runtime,
): FunctionHandler<unknown, ReconcileReport> => {
  const reconcileOrders = createReconcileOrders(deps);
  return createTaskHandler(
    {
      name: "reconcile-orders",
      input: z.unknown(),
      handle: () => reconcileOrders(),
      describe: (_input, { isClean, settled, unknownLeft, differences }) => ({
        isClean,
        settled,
        unknownLeft,
        differences: differences.length,
      }),
      measure: ({ breaches }) => breaches,
    },
    runtime,
  );
};
