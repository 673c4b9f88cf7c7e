import { createHostClock } from "../../adapters/host/clock.ts";
import { hostEnvironment } from "../../adapters/host/environment.ts";
import { createXRayTrace } from "../../adapters/aws/xray-trace.ts";
import type { Ledger } from "../../ports/ledger.ts";
import { traceOrders } from "../../use-cases/trace-orders.ts";

/** The ledger, whose orders are found in X-Ray by their ids. */
export const tracedLedger = (ledger: Ledger): Ledger =>
  traceOrders(ledger, {
    trace: createXRayTrace({
      // Lambda sets it anew for each invocation.
      header: () => hostEnvironment()["_X_AMZN_TRACE_ID"],
      daemonAddress: hostEnvironment()["AWS_XRAY_DAEMON_ADDRESS"],
    }),
    clock: createHostClock(),
  });
