import * as z from "zod";
import type { SystemHealth } from "../../shared/domain/health/system-health.ts";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createAggregateHealth,
  type AggregateHealthDeps,
} from "../../shared/use-cases/aggregate-health.ts";

/** Derives, keeps and announces the system's health: woken by a schedule. */
export const createHandler = (
  deps: AggregateHealthDeps,
  runtime: Runtime,
): FunctionHandler<unknown, SystemHealth> => {
  const aggregateHealth = createAggregateHealth(deps);
  return createTaskHandler(
    {
      name: "aggregate-health",
      input: z.unknown(),
      handle: () => aggregateHealth(),
      // Each minute is one: the average is the share of the time without service.
      measure: ({ level }) => ({ unavailable: level === "OK" || level === "DEGRADED" ? 0 : 1 }),
      describe: (_input, { level, reason }) => ({ level, reason }),
    },
    runtime,
  );
};
