import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { OnLoadResult, Plugin } from "esbuild";

/**
 * `node:http` and `node:https` from `process.getBuiltinModule`: an ESM import of them makes Node
 * load undici as well, which costs a cold start tens of milliseconds.
 */
export const builtinModules: Plugin = {
  name: "builtin-modules",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({
      path: path.startsWith("node:") ? path : `node:${path}`,
      namespace: "builtin",
    }));
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: "js",
    }));
  },
};

/** What replaces a file of a package: which files, and with what. */
type Substitution = {
  readonly files: RegExp;
  readonly load: (path: string) => Promise<OnLoadResult>;
};

/** Leaves out what a function on Lambda never reaches, file by file. */
export const leaveOut: Plugin = {
  name: "leave-out",
  setup: ({ onLoad }) => {
    for (const { files, load } of SUBSTITUTIONS)
      onLoad({ filter: files }, ({ path }) => load(path));
  },
};

/** Keeps every name that a module exports, and nothing behind it: called, it says so. */
const withoutBodies = async (path: string): Promise<OnLoadResult> => {
  const names = Object.keys((await import(pathToFileURL(path).href)) as object);
  return { contents: names.map((name) => `export function ${name}() {}`).join("\n"), loader: "js" };
};

const justText =
  (contents: string) =>
  (path: string): Promise<OnLoadResult> =>
    Promise.resolve({ contents, loader: "js", resolveDir: path.slice(0, path.lastIndexOf("/")) });

/** Errors that our adapters tell apart by class; all others by name, which they keep. */
const ERRORS_KEPT = new Set(["ConditionalCheckFailedException", "NoSuchKey"]);
const REGISTRATION = /^n\d+_registry\.registerError\(\w+\$, (\w+)\);$/gm;

const STRING_FORMAT_METHOD =
  /^ {4}\w+\(params\) \{\n {8}return this\.check\((core\._\w+\(Zod\w+, params\)|iso\.\w+\(params\))\);\n {4}\},?\n/gm;

const SUBSTITUTIONS: readonly Substitution[] = [
  {
    // No function writes JSON Schemas; the schemas themselves only refer to how that is done.
    files: /node_modules\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/,
    load: withoutBodies,
  },
  {
    // `z.string().email()` and its like are deprecated spellings of `z.email()`; each string would
    // take all of them along. The same holds for a namespace that is re-exported as an object.
    files: /node_modules\/zod\/v4\/classic\/schemas\.js$/,
    load: async (path) => {
      const text = await readFile(path, "utf8");
      const contents = text
        .replaceAll(STRING_FORMAT_METHOD, "")
        .replace(
          'import { util } from "../core/index.js"',
          'import * as util from "../core/util.js"',
        );
      return { contents, loader: "js" };
    },
  },
  {
    // DynamoDB, SQS, SNS and Secrets Manager have no event streams, which are loaded on demand.
    files: /node_modules\/@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    load: justText(
      "export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined, resolveEventStreamSerdeConfig = undefined;",
    ),
  },
  {
    // Endpoint discovery is off, so that its cache never holds anything.
    files: /node_modules\/@aws-sdk\/endpoint-cache\/dist-es\/EndpointCache\.js$/,
    load: justText("export class EndpointCache {}"),
  },
  {
    // A function has its credentials in its environment, and no profile, role or metadata to ask.
    files: /node_modules\/@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    load: justText(
      'import { fromEnv } from "@aws-sdk/credential-provider-env"; export const defaultProvider = () => fromEnv();',
    ),
  },
  {
    files: /node_modules\/@smithy\/core\/dist-es\/.*\/fromSharedConfigFiles\.js$/,
    load: justText(
      'export const fromSharedConfigFiles = () => async () => { throw Object.assign(new Error("There are no profiles here."), { tryNextLink: true }); };',
    ),
  },
  {
    // Regions of the one partition that Holdfast is deployed to need no rules to be addressed.
    files: /node_modules\/@aws-sdk\/client-[a-z-]+\/dist-es\/endpoint\/endpointResolver\.js$/,
    load: (path) => justText(endpointResolver(path))(path),
  },
  {
    files: /node_modules\/@aws-sdk\/core\/dist-es\/.*\/aws\/partitions\.js$/,
    load: justText("export const partitionsInfo = { partitions: [] };"),
  },
  {
    // Node has these two in native code; the others stand in for it where it has not.
    files: /node_modules\/@smithy\/core\/dist-es\/submodules\/checksum\/sha256\/Sha256Js\.js$/,
    load: justText("export class Sha256Js {}"),
  },
  {
    files: /node_modules\/@smithy\/core\/dist-es\/submodules\/checksum\/md5\/Md5Js\.js$/,
    load: justText("export class Md5Js {}"),
  },
  {
    // Retries are of the standard kind, which limits no rates.
    files:
      /node_modules\/@smithy\/core\/dist-es\/submodules\/retry\/util-retry\/DefaultRateLimiter\.js$/,
    load: justText("export class DefaultRateLimiter {}"),
  },
  {
    // An error that is not registered keeps its name, and that is how ours are told apart.
    files: /node_modules\/@aws-sdk\/client-[a-z-]+\/dist-es\/schemas\/schemas_0\.js$/,
    load: async (path) => {
      const text = await readFile(path, "utf8");
      const contents = text.replaceAll(REGISTRATION, (line, name: string) =>
        ERRORS_KEPT.has(name) ? line : "",
      );
      return { contents, loader: "js" };
    },
  },
  {
    // Clients ask their package for its version, and would take the whole file along.
    files: /node_modules\/@aws-sdk\/client-[a-z-]+\/package\.json$/,
    load: async (path) => {
      const { version } = JSON.parse(await readFile(path, "utf8")) as { readonly version: string };
      return { contents: JSON.stringify({ version }), loader: "json" };
    },
  },
];

const endpointResolver = (path: string): string => {
  const service = /client-([a-z-]+)\//.exec(path)?.[1]?.replaceAll("-", "");
  return `
    const urls = new Map();
    export const defaultEndpointResolver = ({ Endpoint, Region }) => {
      const address = Endpoint ?? "https://${service}." + Region + ".amazonaws.com";
      let url = urls.get(address);
      if (url === undefined) {
        if (urls.size > 50) urls.clear();
        urls.set(address, (url = new URL(address)));
      }
      return { url, headers: {}, properties: {} };
    };
  `;
};
