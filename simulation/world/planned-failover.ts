import { sha256 } from "../../shared/adapters/host/digest.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import { createTakeOver } from "../../shared/use-cases/take-over.ts";
import type { FunctionPorts } from "../../local/function-ports.ts";

/** The epoch that a person has seen, and takes over from. */
type PlannedFailover = { readonly epoch: number };

/** A takeover that a person plans while both Regions are well; keeping the lease then ends it. */
export const createPlannedFailover = (
  ports: FunctionPorts,
  settings: Settings,
): ((event: unknown) => Promise<unknown>) => {
  const { auditing } = ports;
  const audit =
    auditing === undefined
      ? undefined
      : createRecordAudit({ ...ports, ...auditing, digest: sha256, settings });
  const takeOver = createTakeOver({ ...ports, audit, settings });
  return async (event) => {
    // The world alone asks for it.
    const { epoch } = event as PlannedFailover;
    const taken = await takeOver({ reason: "A person moves the account.", by: "person", epoch });
    if (!taken.ok) throw new RetryableError(taken.error.detail);
    return taken.value;
  };
};
