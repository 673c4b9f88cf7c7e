import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createAuditTrail } from "../../shared/runtime/aws/audit.ts";
import { connectAccount } from "../../shared/runtime/aws/account.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createLeases } from "../../shared/runtime/aws/tables.ts";
import { LEASE_POLICY } from "../../shared/domain/failover/lease.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  return createHandler(
    {
      ...(await connectAccount(environment, settings)),
      leases: createLeases(environment),
      policy: LEASE_POLICY,
      isAutomatic: environment.FAILOVER_AUTOMATIC === "true",
      audit: createAuditTrail(environment, settings),
    },
    createFunctionRuntime("keep-lease", settings, environment),
  );
});
