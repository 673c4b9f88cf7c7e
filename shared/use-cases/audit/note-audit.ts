import type { AuditEntry } from "../../domain/audit/audit-record.ts";
import type { Alerts } from "../../ports/alerts.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Settings } from "../../domain/settings.ts";
import { tolerateLoss } from "../tolerate-loss.ts";

/** What noting needs. */
export type NoteAuditDeps = {
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "mode" | "account">;
};

/**
 * Records what has been done and must not wait for its record, as a halt. Where the audit does not
 * take it, people are told what is missing; the keeper still records what the cell says then.
 */
export const noteAudit = async (deps: NoteAuditDeps, entry: AuditEntry): Promise<void> => {
  const recorded = await deps.audit?.record(entry);
  if (recorded === undefined || recorded.ok) return;
  const { account, mode } = deps.settings;
  const { kind, actor } = entry;
  await tolerateLoss(
    deps.alerts.publish({
      key: `audit-missed-${account}-${kind}`,
      action: "trigger",
      severity: "error",
      summary: `A record of ${kind} by ${actor} is missing. ${recorded.error.detail}`.slice(
        0,
        1_024,
      ),
      component: "audit",
      mode,
      atMs: deps.clock.nowMs(),
      runbook: "audit-chain",
    }),
  );
};
