import { describeFlaw } from "../../shared/domain/audit/audit-flaw.ts";
import type { AuditHead } from "../../shared/domain/audit/audit-head.ts";
import type { Observation } from "../observation.ts";

type Audited = Extract<
  Observation,
  {
    readonly type: "auditHeadWritten" | "auditHeadRefused" | "lockedKept" | "auditVerified";
  }
>;

/** What became of the audit's chain, in one line. */
export const describeAudit = (observation: Audited): string => {
  switch (observation.type) {
    case "auditHeadWritten":
      return describeHead(observation.before, observation.after);
    case "auditHeadRefused": {
      const { attempted, current } = observation;
      return `audit head refused: version ${attempted.version} over ${current?.version ?? "none"}`;
    }
    case "lockedKept":
      return `locked store has ${observation.key}`;
    case "auditVerified": {
      const { headSequence, flaws } = observation;
      return `audit to record ${headSequence}: ${flaws.map(describeFlaw).join(" ") || "it holds"}`;
    }
  }
};

const describeHead = (before: AuditHead | undefined, after: AuditHead): string => {
  const last = before?.tail.at(-1)?.sequence ?? 0;
  const added = after.tail.filter(({ sequence }) => sequence > last);
  const kept = Object.entries(after.kept).map(([region, to]) => `${region} to ${to}`);
  const records = added.map(
    ({ sequence, kind, actor }) => `record ${sequence} ${kind} by ${actor}`,
  );
  return `audit head ${after.version}: ${[...records, `kept ${kept.join(", ")}`].join("; ")}`;
};
