import { DEFAULT_HEALTH_POLICY, type HealthPolicy } from "../domain/health/health-policy.ts";
import { assessSystem, REST, WORK_NAMES } from "../domain/health/assess-system.ts";
import { COMPONENTS } from "../domain/health/component-registry.ts";
import type { Evidence } from "../domain/health/evidence.ts";
import type { SystemHealth } from "../domain/health/system-health.ts";
import { tellingEvidence } from "../domain/health/telling-evidence.ts";
import { marketPhase } from "../domain/market/calendar.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** Derives the system's health now, whatever it was before. */
export type AssessHealth = (
  /** Evidence that the caller is about to write. */
  own?: Evidence,
) => Promise<SystemHealth>;

/** More than ten minutes of ten shards' evidence. */
const EVIDENCE_MAX = 120;

const NAMES: readonly string[] = [
  ...COMPONENTS.map(({ component }) => component),
  ...WORK_NAMES,
  REST,
];

/** Reads the newest evidence of every component and derives health from it; nothing is stored. */
export const createAssessHealth =
  (deps: {
    readonly telemetry: Pick<Telemetry, "loadEvidence">;
    readonly clock: Clock;
    readonly policy?: HealthPolicy;
  }): AssessHealth =>
  async (own) => {
    const loaded = await Promise.all(
      NAMES.map((name) => deps.telemetry.loadEvidence(name, name === REST ? 1 : EVIDENCE_MAX)),
    );
    const { policy = DEFAULT_HEALTH_POLICY } = deps;
    const nowMs = deps.clock.nowMs();
    const evidence = new Map<string, readonly Evidence[]>();
    for (let place = 0; place < NAMES.length; place++) {
      const name = NAMES[place] as string;
      const known = loaded[place] ?? [];
      const newestFirst = own?.component === name ? [own, ...known] : known;
      // The components stand in front, in the order of their rules.
      const rule = COMPONENTS[place];
      evidence.set(
        name,
        rule === undefined ? newestFirst : tellingEvidence(newestFirst, rule, policy, nowMs),
      );
    }
    const moment = marketPhase(nowMs);
    const openSession = moment.phase === "open" ? moment.session : undefined;
    return assessSystem({ evidence, openSession, nowMs }, policy);
  };
