import * as z from "zod";
import { describeFlaw } from "../../shared/domain/audit/audit-flaw.ts";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createKeepAudit,
  type AuditKept,
  type KeepAuditDeps,
} from "../../shared/use-cases/audit/keep-audit.ts";

/** More flaws than a log's line needs: the alert counts them, and `audit verify` names them all. */
const FLAWS_LOGGED = 5;

/** Seals what is new, keeps what was recorded, and verifies it: woken by a schedule. */
export const createHandler = (
  deps: KeepAuditDeps,
  runtime: Runtime,
): FunctionHandler<unknown, AuditKept> => {
  const keepAudit = createKeepAudit(deps);
  return createTaskHandler(
    {
      name: "keep-audit",
      input: z.unknown(),
      handle: () => keepAudit(),
      describe: (_input, { records, keptTo, checkpoint, flaws }) => ({
        records,
        keptTo,
        checkpoint,
        flaws: flaws.length,
        detail: flaws.slice(0, FLAWS_LOGGED).map(describeFlaw).join(" "),
      }),
      measure: ({ flaws }) => (flaws.length === 0 ? {} : { auditChainBroken: flaws.length }),
    },
    runtime,
  );
};
