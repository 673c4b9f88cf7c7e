import { tmpdir } from "node:os";
import { getHeapStatistics } from "node:v8";
import * as z from "zod";
import { createHostClock } from "../../adapters/host/clock.ts";
import { endProcess } from "../../adapters/host/end-process.ts";
import { hostEnvironment } from "../../adapters/host/environment.ts";
import { createOwnEnvironment } from "../../adapters/host/own-environment.ts";
import type { Settings } from "../../domain/settings.ts";
import { createTendEnvironment } from "../../use-cases/healing/tend-environment.ts";
import type { Runtime } from "../invocation.ts";
import { createPowertoolsLog } from "../powertools-log.ts";
import { createPowertoolsMetrics } from "../powertools-metrics.ts";
import { createHealingTable, createTelemetryTable } from "./tables.ts";

const MEBIBYTE = 1_048_576;
/** What Lambda gives where nothing else is said. */
const DISK_BYTES = 512 * MEBIBYTE;

/**
 * What a deployed function is run with: JSON logs and metrics on standard output, and an eye on
 * its own environment.
 */
export const createFunctionRuntime = (
  functionName: string,
  { mode, region, logLevel }: Settings,
  environment: { readonly HOLDFAST_REGION: string; readonly TELEMETRY_TABLE: string },
): Runtime => {
  const clock = createHostClock();
  return {
    log: createPowertoolsLog(functionName, logLevel, { mode, region }),
    metrics: createPowertoolsMetrics(functionName, mode, (line) => {
      process.stdout.write(`${line}\n`);
    }),
    clock,
    tendEnvironment: createTendEnvironment({
      functionName,
      own: createOwnEnvironment({
        clock,
        bounds: { memoryBytes: memoryBytes(), diskBytes: DISK_BYTES },
        temporaryDirectory: tmpdir(),
        retire: endProcess,
      }),
      healing: createHealingTable(environment),
      telemetry: createTelemetryTable(environment),
      clock,
    }),
  };
};

/** What Lambda says that the function has; elsewhere what the engine may take. */
const memoryBytes = (): number => {
  const said = z.coerce.number().int().min(64);
  const parsed = said.safeParse(hostEnvironment()["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]);
  return parsed.success ? parsed.data * MEBIBYTE : getHeapStatistics().heap_size_limit;
};
