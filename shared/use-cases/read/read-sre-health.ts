import {
  chooseTreatment,
  HEALING_BUDGET,
  isStopped,
} from "../../domain/healing/choose-treatment.ts";
import { diagnose } from "../../domain/healing/diagnose.ts";
import type { Finding } from "../../domain/healing/finding.ts";
import { REMEDY_NAMES, type HealingRecord, type RemedyName } from "../../domain/healing/remedy.ts";
import type { Mode } from "../../domain/settings.ts";
import type { Healing } from "../../ports/healing.ts";
import { gatherFacts, type GatherFactsDeps } from "../healing/gather-facts.ts";
import { PROBE_COMPONENT } from "../probe/probe-pipeline.ts";

/** What is wrong now, what healing would do about it, and what it has done (R8). */
export type SreHealth = {
  readonly mode: Mode;
  readonly atMs: number;
  readonly findings: readonly Finding[];
  /** What the next run of healing would do. */
  readonly treatment: {
    readonly type: "nothing" | "wait" | "apply" | "escalate" | "halt";
    readonly remedy: RemedyName | null;
    readonly reason: string | null;
  };
  /** The last probe; null where there was none. */
  readonly probe: {
    readonly atMs: number;
    readonly passed: boolean;
    readonly detail: string;
  } | null;
  /** Newest first. */
  readonly remedies: readonly HealingRecord[];
  /** Remedies that failed too often, and were not cleared since. */
  readonly stopped: readonly RemedyName[];
};

const REMEDIES_MAX = 50;

/** Runs every check at the moment of asking; nothing is changed, and nothing is healed. */
export const createReadSreHealth =
  (deps: GatherFactsDeps & { readonly healing: Pick<Healing, "list" | "reports"> }) =>
  async (): Promise<SreHealth> => {
    const [facts, remedies, probes] = await Promise.all([
      gatherFacts(deps),
      deps.healing.list(REMEDIES_MAX),
      deps.telemetry.loadEvidence(PROBE_COMPONENT, 1),
    ]);
    const findings = diagnose(facts);
    const treatment = chooseTreatment(findings, remedies, facts.nowMs, HEALING_BUDGET);
    const [probe] = probes;
    return {
      mode: deps.settings.mode,
      atMs: facts.nowMs,
      findings,
      treatment: {
        type: treatment.type,
        remedy: treatment.type === "apply" ? treatment.remedy : null,
        reason: "reason" in treatment ? treatment.reason : null,
      },
      probe:
        probe === undefined
          ? null
          : { atMs: probe.atMs, passed: probe.succeeded, detail: probe.detail },
      remedies,
      stopped: REMEDY_NAMES.filter((name) =>
        isStopped(name, remedies, facts.nowMs, HEALING_BUDGET),
      ),
    };
  };
