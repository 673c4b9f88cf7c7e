import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { builtinModules, thinClients, withoutJsonSchema } from "./bundle-plugins.ts";

/** A function's bundle and what is in it. */
export type Bundle = {
  readonly name: string;
  /** The size of `index.mjs`. */
  readonly bytes: number;
  /** Bytes by package after minifying, the largest first; `holdfast` is our own code. */
  readonly packages: readonly { readonly name: string; readonly bytes: number }[];
};

/** No function may be larger: each has a client of AWS inside. */
export const BUNDLE_BYTES_MAX = 300 * 1_024;

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the bundles go: `<name>/index.mjs` with its source map. */
const bundlesDirectory = `${root}dist/functions`;

/** Every function that has an entry, by name. */
export const functionNames = (): readonly string[] =>
  readdirSync(`${root}lambdas`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();

/**
 * Bundles functions, each on its own, into `<directory>/<name>/index.mjs`. They are built together,
 * so that what they share is read once; nothing is shared between the bundles.
 */
export const bundleFunctions = async (
  names: readonly string[],
  directory: string = bundlesDirectory,
): Promise<readonly Bundle[]> => {
  await Promise.all(
    names.map((name) => rm(`${directory}/${name}`, { recursive: true, force: true })),
  );
  const { metafile } = await build({
    entryPoints: names.map((name) => ({
      in: `${root}lambdas/${name}/index.ts`,
      out: `${name}/index`,
    })),
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    absWorkingDir: root,
    bundle: true,
    splitting: false,
    format: "esm",
    platform: "node",
    target: "node24",
    minify: true,
    legalComments: "none",
    mainFields: ["module", "main"],
    sourcemap: "external",
    metafile: true,
    logLevel: "silent",
    alias: { ...thinClients },
    plugins: [builtinModules, withoutJsonSchema],
  });
  return names.map((name) => describe(name, metafile));
};

const describe = (name: string, { outputs }: Metafile): Bundle => {
  const output = Object.values(outputs).find(
    ({ entryPoint }) => entryPoint === `lambdas/${name}/index.ts`,
  );
  if (output === undefined) throw new Error(`esbuild wrote no bundle of ${name}.`);
  const bytesByPackage = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    if (NOT_DEPLOYED.test(input)) throw new Error(`The bundle of ${name} has ${input} inside.`);
    const packageName = packageOf(input);
    bytesByPackage.set(packageName, (bytesByPackage.get(packageName) ?? 0) + bytesInOutput);
  }
  const packages = [...bytesByPackage]
    .map(([packageName, bytes]) => ({ name: packageName, bytes }))
    .filter(({ bytes }) => bytes > 0)
    .toSorted((left, right) => right.bytes - left.bytes);
  return { name, bytes: output.bytes, packages };
};

/** What only simulates, tests or runs here: no plant may ever reach what is deployed. */
const NOT_DEPLOYED = /^(?:simulation|test|bench|local)\//;

/** The package a file is of: what stands behind the last `node_modules/`. */
const packageOf = (path: string): string => {
  const inside = path.split("node_modules/").at(-1);
  if (inside === undefined || inside === path) return path.includes(":") ? "(stub)" : "holdfast";
  const [first = "", second = ""] = inside.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
};
