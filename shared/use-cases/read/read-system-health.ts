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

/** Derives health from the evidence at the moment of asking: what was stored is history only. */
export const createReadSystemHealth =
  (deps: { readonly assess: AssessHealth; readonly telemetry: Pick<Telemetry, "loadHealth"> }) =>
  async (): Promise<HealthView> => {
    const [health, history] = await Promise.all([
      deps.assess(),
      deps.telemetry.loadHealth(HISTORY_MAX),
    ]);
    return {
      ...health,
      history: history.map(({ atMs, level, reason }) => ({ atMs, level, reason })),
    };
  };
