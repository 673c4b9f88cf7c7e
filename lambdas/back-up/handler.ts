import * as z from "zod";
import { ok } from "../../shared/domain/result.ts";
import { type ApiFunction, createApiHandler } from "../../shared/runtime/api-handler.ts";
import { controlRoute } from "../../shared/runtime/control-route.ts";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  type BackupsKept,
  createKeepBackups,
  type KeepBackupsDeps,
} from "../../shared/use-cases/keep-backups.ts";

const NAME = "back-up";

/** Exports the ledger when it is due, and at once when an operator asks. */
export const createHandlers = (
  deps: KeepBackupsDeps,
  runtime: Runtime,
): { readonly look: FunctionHandler<unknown, BackupsKept>; readonly answer: ApiFunction } => {
  const keepBackups = createKeepBackups(deps);
  return {
    look: createTaskHandler(
      {
        name: NAME,
        input: z.unknown(),
        handle: () => keepBackups(),
        describe: (_input, { state, linkNumber, detail }) => ({ state, linkNumber, detail }),
        // What is not known is not measured: that it is missing is what the alarms hear.
        measure: ({ backupAgeMinutes, testAgeMinutes }) => ({
          ...(backupAgeMinutes === null ? {} : { BackupAgeMinutes: backupAgeMinutes }),
          ...(testAgeMinutes === null ? {} : { RestoreTestAgeMinutes: testAgeMinutes }),
        }),
      },
      runtime,
    ),
    answer: createApiHandler(
      {
        name: NAME,
        mode: deps.settings.mode,
        routes: {
          "POST /api/backups/now": controlRoute(async () =>
            ok(await keepBackups({ isAsked: true })),
          ),
        },
      },
      runtime,
    ),
  };
};
