import { COMPONENTS } from "../../domain/health/component-registry.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { ReadRefusal } from "./read-refusal.ts";

/** What failed in one component lately, newest first. */
export type RecentErrors = {
  readonly component: string;
  readonly atMs: number;
  /** Out of so many pieces of evidence. */
  readonly looked: number;
  readonly errors: readonly {
    readonly atMs: number;
    readonly detail: string;
    readonly latencyMs: number | null;
    readonly fault: "configuration" | "schema" | null;
  }[];
};

const LOOKED_MAX = 500;
const ERRORS_MAX = 50;

/** Reads the newest 50 failures of a component among its newest 500 pieces of evidence. */
export const createReadRecentErrors =
  (deps: { readonly telemetry: Pick<Telemetry, "loadEvidence">; readonly clock: Clock }) =>
  async (component: string): Promise<Result<RecentErrors, ReadRefusal>> => {
    const names = COMPONENTS.map((rule): string => rule.component);
    if (!names.includes(component)) {
      const detail = `There is no such component; there are ${names.join(", ")}.`;
      return err({ type: "NotFound", detail });
    }
    const evidence = await deps.telemetry.loadEvidence(component, LOOKED_MAX);
    return ok({
      component,
      atMs: deps.clock.nowMs(),
      looked: evidence.length,
      errors: evidence
        .filter(({ succeeded, fault }) => !succeeded || fault !== null)
        .slice(0, ERRORS_MAX)
        .map(({ atMs, detail, latencyMs, fault }) => ({ atMs, detail, latencyMs, fault })),
    });
  };
