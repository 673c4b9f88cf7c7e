import type { HealingRecord } from "../../domain/healing/remedy.ts";
import type { Healing } from "../../ports/healing.ts";
import { noteAudit, type NoteAuditDeps } from "./note-audit.ts";

/** A log of healing of which every step is also recorded in the audit: begun, ended, undone. */
export const createAuditedHealing = (healing: Healing, deps: NoteAuditDeps): Healing => ({
  ...healing,
  note: async (record) => {
    await healing.note(record);
    await noteAudit(deps, {
      kind: "remedy",
      actor: "run-diagnostics",
      epoch: null,
      body: bodyOf(record),
    });
  },
});

const bodyOf = ({ id, remedy, cause, component, subject, outcome, detail }: HealingRecord) => ({
  id,
  remedy,
  cause,
  component,
  subject,
  outcome,
  detail,
});
