import type * as z from "zod/mini";
import type { HealthBody } from "../../../shared/adapters/holdfast-api/contract/health.ts";
import type { TimelineBody } from "../../../shared/adapters/holdfast-api/contract/timeline.ts";
import type { ComponentView, HealthView, IncidentView, Tone } from "../view.ts";

/** Every component with its tone; green is only what has proven itself. */
export const toHealth = (body: z.infer<typeof HealthBody>): HealthView => ({
  level: body.level,
  tone: SYSTEM_TONE[body.level] ?? "bad",
  reason: body.reason,
  atMs: body.atMs,
  components: body.components.map((component) => ({
    name: component.component,
    ...shownOf(component),
    isCritical: component.isCritical,
    reason: component.reason,
    evidenceAtMs: component.evidenceAtMs,
  })),
});

/** Nothing is wrong with what has nothing to do, but nothing was proven either. */
const shownOf = ({
  level,
  evidenceAtMs,
}: z.infer<typeof HealthBody>["components"][number]): Pick<ComponentView, "level" | "tone"> =>
  level === "healthy" && evidenceAtMs === null
    ? { level: "idle", tone: "unknown" }
    : { level, tone: COMPONENT_TONE[level] ?? "unknown" };

type Timeline = z.infer<typeof TimelineBody>;

/** What is wrong, and what is done about it. */
export const toIncident = (body: Timeline): Omit<IncidentView, "broken"> => ({
  level: body.level,
  tone: SYSTEM_TONE[body.level] ?? "bad",
  sinceMs: body.sinceMs,
  isReadOnly: body.troubles.some(
    ({ component, level }) => STORES.includes(component) && level !== "degraded",
  ),
  troubles: body.troubles.map((trouble) => ({
    ...trouble,
    tone: COMPONENT_TONE[trouble.level] ?? "unknown",
  })),
  healing: body.healing,
  recovered: body.recovered,
  events: body.events,
  missing: body.missing,
});

/** Without these nothing can be ordered or changed. */
const STORES: readonly string[] = ["ledger", "telemetry"];

const SYSTEM_TONE: Readonly<Record<string, Tone>> = { OK: "good", DEGRADED: "warn" };

const COMPONENT_TONE: Readonly<Record<string, Tone>> = {
  healthy: "good",
  degraded: "warn",
  unhealthy: "bad",
  critical: "bad",
};
