import * as z from "zod";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createKeepLease,
  type KeepLeaseDeps,
  type LeaseKept,
} from "../../shared/use-cases/keep-lease.ts";

/** Renews the lease where the account trades, and watches it elsewhere: woken by a schedule. */
export const createHandler = (
  deps: KeepLeaseDeps,
  runtime: Runtime,
): FunctionHandler<unknown, LeaseKept> => {
  const keepLease = createKeepLease(deps);
  return createTaskHandler(
    {
      name: "keep-lease",
      input: z.unknown(),
      handle: (_input, deadline) => keepLease(deadline),
      describe: (_input, { role, epoch, renewals, missed }) => ({ role, epoch, renewals, missed }),
    },
    runtime,
  );
};
