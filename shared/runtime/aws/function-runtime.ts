import { createHostClock } from "../../adapters/host/clock.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Runtime } from "../invocation.ts";
import { createPowertoolsLog } from "../powertools-log.ts";
import { createPowertoolsMetrics } from "../powertools-metrics.ts";

/** What a deployed function is run with: JSON logs and metrics on standard output. */
export const createFunctionRuntime = (
  functionName: string,
  { mode, region, logLevel }: Settings,
): Runtime => ({
  log: createPowertoolsLog(functionName, logLevel, { mode, region }),
  metrics: createPowertoolsMetrics(functionName, mode, (line) => {
    process.stdout.write(`${line}\n`);
  }),
  clock: createHostClock(),
});
