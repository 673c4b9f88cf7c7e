import { HEALING_BUDGET, isStopped } from "../../domain/healing/choose-treatment.ts";
import type { RemedyName } from "../../domain/healing/remedy.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Alerts } from "../../ports/alerts.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HealRuns } from "../../ports/heal-runs.ts";
import type { Healing } from "../../ports/healing.ts";
import type { Random } from "../../ports/random.ts";
import type { ControlRefusal } from "../control-refusal.ts";

/** What operators' wishes about healing need. */
export type ControlHealingDeps = {
  /** Absent where nothing heals. */
  readonly healing?: Pick<Healing, "list" | "note"> | undefined;
  /** Absent where nothing can be started. */
  readonly healRuns?: HealRuns | undefined;
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly random: Pick<Random, "id">;
  readonly settings: Pick<Settings, "mode" | "region">;
};

/** What operators can wish for of healing. */
export type ControlHealing = {
  /** Looks now for what is wrong, and heals as the schedule would (R8). */
  readonly start: (by: string) => Promise<Result<{ readonly run: string }, ControlRefusal>>;
  /** Lets a remedy be used again that five failures in ten minutes have stopped (S4). */
  readonly resume: (wish: {
    readonly remedy: RemedyName;
    readonly by: string;
  }) => Promise<Result<{ readonly remedy: RemedyName; readonly detail: string }, ControlRefusal>>;
};

const HISTORY_MAX = 100;

/** Makes the control. Neither wish reaches a limit: remedies stay those of the allow-list. */
export const createControlHealing = (deps: ControlHealingDeps): ControlHealing => ({
  start: async (by) => {
    if (deps.healRuns === undefined) return refuse("There is nothing here that heals.");
    const run = `asked-${deps.clock.nowMs()}-${deps.random.id()}`.slice(0, 80);
    await deps.healRuns.start(run);
    await tell(deps, `${by} asked for a look at what is wrong; run ${run}.`, "healing-asked");
    return ok({ run });
  },
  resume: async ({ remedy, by }) => {
    const { healing, audit } = deps;
    if (healing === undefined) return refuse("There is nothing here that heals.");
    const nowMs = deps.clock.nowMs();
    const history = await healing.list(HISTORY_MAX);
    const last = history.find((record) => record.remedy === remedy);
    if (last === undefined || !isStopped(remedy, history, nowMs, HEALING_BUDGET)) {
      return refuse(`${remedy} is not stopped.`);
    }
    // Healing may do more from now on: that is on record first, or it is not done.
    const body = { resumed: remedy, cause: last.cause, subject: last.subject };
    const recorded = await audit?.record({ kind: "remedy", actor: by, epoch: null, body });
    if (recorded?.ok === false) return refuse(`It cannot be recorded. ${recorded.error.detail}`);
    const { cause, component, subject } = last;
    const detail = `${by} lets ${remedy} be used again.`;
    const id = `${nowMs}-${deps.random.id()}`;
    await healing.note({
      id,
      atMs: nowMs,
      remedy,
      cause,
      component,
      subject,
      outcome: "cleared",
      detail,
    });
    await tell(deps, detail, `remedy-resumed-${remedy}`);
    return ok({ remedy, detail });
  },
});

/** Begins and ends at once: everybody on call hears of it, and nothing stays open. */
const tell = async (
  { alerts, clock, settings }: ControlHealingDeps,
  summary: string,
  key: string,
): Promise<void> => {
  const { mode, region } = settings;
  const atMs = clock.nowMs();
  const alert = {
    key: `${key}-${region}-${atMs}`,
    summary: summary.slice(0, 1_024),
    component: "healing",
    mode,
    atMs,
    runbook: "healing",
  };
  await alerts.publish({ ...alert, action: "trigger", severity: "info" });
  await alerts.publish({ ...alert, action: "resolve", severity: "info" });
};

const refuse = (detail: string): Result<never, ControlRefusal> => err({ type: "Refused", detail });
