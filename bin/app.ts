import { join } from "node:path";
import { App, Tags, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { bundledCode } from "../lib/bundled-code.ts";
import { GlobalTableChecks } from "../lib/checks/global-table-checks.ts";
import { DeploymentInvalid, parseDeployment } from "../lib/deployment.ts";
import { hostEnvironment } from "../shared/adapters/host/environment.ts";
import { parseChaosMode } from "../shared/domain/chaos/chaos-mode.ts";
import { compactConfiguration } from "../shared/runtime/compact-configuration.ts";
import { addStacks } from "./application/add-stacks.ts";
import { requireConfiguration } from "./read-configuration.ts";
import { VerbFault } from "./verb.ts";

/** What an application is made from; everything else are its context values. */
export type AppInput = {
  /** Feature flags and context values; absent under the CDK's CLI, which hands them over itself. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where to write the templates; absent under the CDK's CLI. */
  readonly outputDirectory?: string;
  readonly configurationFile: string;
  /** A directory for each function, as the build leaves them. */
  readonly functionsDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/**
 * Returns the whole application, checked and not yet written: with `application/`, the only place
 * that knows stages and Regions. Throws `DeploymentInvalid` if a context value or a bundled
 * function is wrong.
 */
export const createApp = (input: AppInput): App => {
  const { context, outputDirectory } = input;
  refuseChaos(input.environment);
  const app = new App({
    ...(context === undefined ? {} : { context: { ...context } }),
    ...(outputDirectory === undefined ? {} : { outdir: outputDirectory }),
  });
  const deployment = parseDeployment(
    (name): unknown => app.node.tryGetContext(name),
    input.environment["CDK_DEFAULT_ACCOUNT"],
  );
  addStacks(app, deployment, {
    configuration: deployedConfiguration(input),
    code: bundledCode(input.functionsDirectory),
  });
  Tags.of(app).add("application", "holdfast");
  Tags.of(app).add("mode", deployment.mode);
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app, { writeSuppressionsToCloudFormation: true }),
    new ServerlessChecks(app),
    new GlobalTableChecks(app),
  );
  return app;
};

/** Nothing is deployed broken: what may be broken is broken by hand, and for minutes. */
const refuseChaos = (environment: AppInput["environment"]): void => {
  if (parseChaosMode(environment["CHAOS_MODE"]) === "off") return;
  throw new DeploymentInvalid(
    "CHAOS_MODE is set: nothing is deployed broken. With the context value chaos=allowed a paper " +
      "deployment can be broken by hand, and mends by itself.",
  );
};

/** A function's environment holds 4 KiB; the configuration may take this much of it. */
const CONFIGURATION_BYTES_MAX = 2_560;

const deployedConfiguration = ({ configurationFile, environment }: AppInput): string => {
  const text = compactConfiguration(requireConfiguration(configurationFile, environment));
  const bytes = Buffer.byteLength(text);
  if (bytes <= CONFIGURATION_BYTES_MAX) return text;
  throw new DeploymentInvalid(
    `${configurationFile} takes ${bytes} bytes without its defaults; ` +
      `a function's environment has room for ${CONFIGURATION_BYTES_MAX}.`,
  );
};

if (import.meta.main) {
  try {
    createApp({
      configurationFile: "holdfast.yaml",
      functionsDirectory: join("dist", "functions"),
      environment: hostEnvironment(),
    });
  } catch (error) {
    // What the operator can put right is one sentence; anything else is a bug and keeps its stack.
    if (!(error instanceof DeploymentInvalid || error instanceof VerbFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 64;
  }
}
