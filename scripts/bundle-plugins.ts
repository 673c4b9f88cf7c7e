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

/** The thin clients that stand in for the official ones; both pass the same contract suites. */
const THIN_CLIENTS = ["dynamodb", "secrets-manager", "sns", "sqs"] as const;

const thinDirectory = fileURLToPath(new URL("../shared/adapters/aws/thin/", import.meta.url));

/** Where each official client is replaced in a bundle, for esbuild's `alias`. */
export const thinClients: Readonly<Record<string, string>> = Object.fromEntries(
  THIN_CLIENTS.map((name) => [`@aws-sdk/client-${name}`, `${thinDirectory}${name}.ts`]),
);
