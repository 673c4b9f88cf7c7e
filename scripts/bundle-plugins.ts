import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";

/**
 * `node:http` and `node:https` from `process.getBuiltinModule`: an ESM import of them makes Node
 * load undici as well, which costs a cold start tens of milliseconds.
 */
export const builtinModules: Plugin = {
  name: "builtin-modules",
  setup: (build) => {
    build.onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({
      path: path.startsWith("node:") ? path : `node:${path}`,
      namespace: "builtin",
    }));
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: "js",
    }));
  },
};

/**
 * Nothing for zod's writers of JSON Schema: functions validate and describe nothing, and the
 * writers are a sixth of zod, loaded by every cold start. Where one is called after all, it throws.
 */
export const withoutJsonSchema: Plugin = {
  name: "without-json-schema",
  setup: (build) => {
    const filter = /zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/;
    build.onLoad({ filter }, async ({ path }) => {
      const names = [...(await readFile(path, "utf8")).matchAll(EXPORTED)].map(([, name]) => name);
      const stub = "() => () => { throw new Error('Functions write no JSON Schema.'); }";
      return { contents: names.map((name) => `export const ${name} = ${stub};`).join("\n") };
    });
  },
};

/** `export const name`, `export function name`, and `export { inside as name }`. */
const EXPORTED = /^export (?:(?:const|function) |\{ \w+ as )(\w+)/gm;

/** The thin clients that stand in for the official ones; both pass the same contract suites. */
const THIN_CLIENTS = ["dynamodb", "secrets-manager", "sns", "sqs"] as const;

const thinDirectory = fileURLToPath(new URL("../shared/adapters/aws/thin/", import.meta.url));

/** Where each official client is replaced in a bundle, for esbuild's `alias`. */
export const thinClients: Readonly<Record<string, string>> = Object.fromEntries(
  THIN_CLIENTS.map((name) => [`@aws-sdk/client-${name}`, `${thinDirectory}${name}.ts`]),
);
