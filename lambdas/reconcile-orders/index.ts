import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAccount } from "../../shared/runtime/aws/account.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { tracedLedger } from "../../shared/runtime/aws/trace.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const account = await connectAccount(environment, settings);
  return createHandler(
    { ...account, ledger: tracedLedger(account.ledger) },
    createFunctionRuntime("reconcile-orders", settings, environment),
  );
});
