import { steadyHealth } from "../../domain/health/steady-health.ts";
import type { SystemHealth, SystemLevel } from "../../domain/health/system-health.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { AssessHealth } from "../assess-health.ts";

/** Health as it is now, and how it was. */
export type HealthView = SystemHealth & {
  /** Newest first. */
  readonly history: readonly {
    readonly atMs: number;
    readonly level: SystemLevel;
    readonly reason: string;
  }[];
};

const HISTORY_MAX = 50;

/**
 * Derives health from the evidence at the moment of asking. What was stored never makes it better:
 * it is history, and says which levels are not left yet.
 */
export const createReadSystemHealth =
  (deps: { readonly assess: AssessHealth; readonly telemetry: Pick<Telemetry, "loadHealth"> }) =>
  async (): Promise<HealthView> => {
    const [found, history] = await Promise.all([
      deps.assess(),
      deps.telemetry.loadHealth(HISTORY_MAX),
    ]);
    return {
      ...steadyHealth(history[0], found, { isKept: false }),
      history: history.map(({ atMs, level, reason }) => ({ atMs, level, reason })),
    };
  };
