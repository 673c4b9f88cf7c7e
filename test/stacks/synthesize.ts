import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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

/** Makes the application as `npm run synth` does, with these context values, not yet written. */
export const createTestApp = (context: Readonly<Record<string, unknown>>) => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-synth-"));
  return createApp({
    context: { ...readFeatureFlags(), ...context },
    outputDirectory: join(directory, "cdk.out"),
    configurationFile: join(root, "holdfast.yaml"),
    functionsDirectory: placeholders(join(directory, "functions")),
    environment: {},
  });
};

/** The templates of all its stacks. Throws if a check of the synthesis finds anything. */
export const synthesize = (context: Readonly<Record<string, unknown>>): TemplateSet =>
  createTestApp(context)
    .synth()
    .stacks.map(({ stackName, environment, template }) =>
      parseStack(stackName, environment.region, template),
    );
