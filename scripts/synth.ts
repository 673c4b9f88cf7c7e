import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { createApp } from "../bin/app.ts";
import { CONTEXT_NAMES, DeploymentInvalid, parseDeployment } from "../lib/deployment.ts";
import { readFeatureFlags } from "../lib/read-feature-flags.ts";
import { hostEnvironment } from "../shared/adapters/host/environment.ts";

/** Where `cdk.json` has it too; nobody keeps anything else there. */
const OUTPUT = "cdk.out";

const HELP = `Writes the CloudFormation templates of all stacks; needs no account and no network.

  npm run synth -- [-c name=value]... [--output DIRECTORY]

  -c, --context name=value   a context value, as \`cdk deploy\` takes it; see docs/deploy.md
  -o, --output DIRECTORY     where to write, ${OUTPUT} by default; what an earlier synth left there goes
`;

const Template = z.object({ Resources: z.record(z.string(), z.unknown()) });

/** Returns the exit code: 0 written, 2 something is wrong with the stacks, 64 usage. */
const main = (): number => {
  const options = readOptions();
  if (options === undefined) return 64;
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  // Before the build and before anything is removed: a word that is refused costs nothing.
  const refusal = refusalOf(options);
  if (refusal !== undefined) {
    process.stderr.write(`${refusal}\n`);
    return 64;
  }
  const build = spawnSync(process.execPath, ["scripts/build.ts"], { stdio: "inherit" });
  if (build.status !== 0) return 2;
  rmSync(options.output, { recursive: true, force: true });
  try {
    synthesize(options);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
};

type Options = {
  readonly help: boolean;
  readonly output: string;
  readonly context: Readonly<Record<string, string>>;
};

const readOptions = (): Options | undefined => {
  try {
    const { values } = parseArgs({
      options: {
        context: { type: "string", short: "c", multiple: true, default: [] },
        output: { type: "string", short: "o", default: OUTPUT },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return { ...values, context: Object.fromEntries(values.context.map(toPair)) };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    return undefined;
  }
};

/** Why the words cannot be meant, if they cannot; the CDK's own context names hold a colon. */
const refusalOf = ({ context, output }: Options): string | undefined => {
  if (!isReplaceable(output)) {
    return `${output} holds something else than templates, and writing there would remove it.`;
  }
  const unknown = Object.keys(context).find(
    (name) => !CONTEXT_NAMES.includes(name) && !name.includes(":"),
  );
  if (unknown !== undefined) {
    return `There is no context value ${unknown}; there are ${CONTEXT_NAMES.join(", ")}.`;
  }
  try {
    parseDeployment((name) => context[name], hostEnvironment()["CDK_DEFAULT_ACCOUNT"]);
    return undefined;
  } catch (error) {
    if (error instanceof DeploymentInvalid) return error.message;
    throw error;
  }
};

/** The directory is emptied before it is written: only one that a synthesis made, or an empty one. */
const isReplaceable = (output: string): boolean => {
  if (output === OUTPUT || !existsSync(output)) return true;
  if (!statSync(output).isDirectory()) return false;
  const mark = statSync(join(output, "cdk.out"), { throwIfNoEntry: false });
  return mark?.isFile() === true || readdirSync(output).length === 0;
};

const toPair = (text: string): readonly [string, string] => {
  const at = text.indexOf("=");
  if (at < 1) throw new Error(`A context value is name=value, not "${text}".`);
  return [text.slice(0, at), text.slice(at + 1)];
};

const synthesize = ({ output, context }: Options): void => {
  const app = createApp({
    context: { ...readFeatureFlags(), ...context },
    outputDirectory: output,
    configurationFile: "holdfast.yaml",
    functionsDirectory: join("dist", "functions"),
    environment: hostEnvironment(),
  });
  const { stacks } = app.synth();
  for (const { stackName, environment, template } of stacks) {
    const resources = Object.keys(Template.parse(template).Resources).length;
    const count = String(resources).padStart(3);
    process.stdout.write(`${count} resources  ${environment.region.padEnd(9)}  ${stackName}\n`);
  }
  process.stdout.write(`${stacks.length} stacks written to ${output}.\n`);
};

process.exitCode = main();
