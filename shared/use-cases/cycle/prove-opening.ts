import type { REST } from "../../domain/health/assess-system.ts";
import type { Evidence } from "../../domain/health/evidence.ts";
import type { OpenCycleDeps } from "./open-cycle-deps.ts";

/** Writes what opening a cycle has shown of a component, or that nothing is traded here. */
export const prove = (
  deps: OpenCycleDeps,
  component: "broker" | "ledger" | "trading-cycle" | typeof REST,
  detail: string,
  verdict: Pick<Evidence, "succeeded" | "fault">,
): Promise<void> =>
  deps.telemetry.recordEvidence({
    component,
    atMs: deps.clock.nowMs(),
    detail,
    latencyMs: null,
    dataAgeMs: null,
    ...verdict,
  });
