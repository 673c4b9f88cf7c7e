import type { Finding } from "../../domain/healing/finding.ts";
import type { HealingRecord } from "../../domain/healing/remedy.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Alert, Alerts } from "../../ports/alerts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Healing } from "../../ports/healing.ts";
import type { Random } from "../../ports/random.ts";

/** What reaching a person needs. */
export type PagePersonDeps = {
  readonly alerts: Alerts;
  readonly clock: Pick<Clock, "nowMs">;
  readonly healing: Pick<Healing, "note">;
  readonly random: Pick<Random, "id">;
  readonly settings: Pick<Settings, "mode" | "region">;
};

/** A person who was paged for something is not paged for it again sooner. */
const PAGE_AGAIN_AFTER_MS = 60 * 60_000;
const SUMMARY_MAX = 1_024;

/** Whether a person was paged for the same within the last hour. */
export const isTold = (
  finding: Finding,
  history: readonly HealingRecord[],
  nowMs: number,
): boolean =>
  history.some(
    ({ outcome, cause, subject, atMs }) =>
      outcome === "escalated" &&
      cause === finding.cause &&
      subject === finding.subject &&
      nowMs - atMs < PAGE_AGAIN_AFTER_MS,
  );

/** Pages a person, and remembers it until it is over. */
export const escalate = async (
  deps: PagePersonDeps,
  finding: Finding,
  severity: Alert["severity"],
  summary: string,
): Promise<void> => {
  await page(deps, finding, { action: "trigger", severity, summary });
  const atMs = deps.clock.nowMs();
  const record = { id: `${atMs}-${deps.random.id()}`, remedy: null, ...fieldsOf(finding), atMs };
  await deps.healing.note({ ...record, outcome: "escalated", detail: summary });
};

/** Tells people of a finding, under a key of its own, or that it is over. */
export const page = (
  deps: PagePersonDeps,
  { cause, subject, component }: Finding,
  alert: Pick<Alert, "action" | "severity" | "summary">,
): Promise<void> =>
  deps.alerts.publish({
    ...alert,
    summary: alert.summary.slice(0, SUMMARY_MAX),
    key: `healing-${deps.settings.region}-${cause}-${subject}`.slice(0, 255),
    component,
    mode: deps.settings.mode,
    atMs: deps.clock.nowMs(),
    runbook: "healing",
  });

/** What a record on the log has of its finding. */
export const fieldsOf = ({ cause, component, subject }: Finding) => ({ cause, component, subject });
