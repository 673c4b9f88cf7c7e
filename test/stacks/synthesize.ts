import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { App } from "aws-cdk-lib";
import { createApp } from "../../bin/app.ts";
import { readFeatureFlags } from "../../lib/read-feature-flags.ts";
import { parseStack, type TemplateSet } from "./template-set.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Every function of `lambdas/`, as an empty bundle: the templates need no code. */
const placeholders = (directory: string): string => {
  for (const name of readdirSync(join(root, "lambdas"))) {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, "index.mjs"), "export const handler = () => {};\n");
  }
  return directory;
};

/** The templates of all its stacks. Throws if a check of the synthesis finds anything. */
export const synthesize = (context: Readonly<Record<string, unknown>>): TemplateSet =>
  withTestApp(context, (app) =>
    app
      .synth()
      .stacks.map(({ stackName, environment, template }) =>
        parseStack(stackName, environment.region, template),
      ),
  );

/** Makes the application as `npm run synth` does, with these context values, never written. */
export const createTestApp = (context: Readonly<Record<string, unknown>>): App =>
  withTestApp(context, (app) => app);

/** Uses an application at once; its directory is gone afterwards. */
const withTestApp = <Result>(
  context: Readonly<Record<string, unknown>>,
  use: (app: App) => Result,
): Result => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-synth-"));
  try {
    const app = createApp({
      context: { ...readFeatureFlags(), ...context },
      outputDirectory: join(directory, "cdk.out"),
      configurationFile: join(root, "holdfast.yaml"),
      functionsDirectory: placeholders(join(directory, "functions")),
      environment: {},
    });
    return use(app);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
