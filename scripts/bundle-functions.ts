import { readdirSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { builtinModules, leaveOut } from "./bundle-plugins.ts";

/** A function's bundle and what is in it. */
export type Bundle = {
  readonly name: string;
  /** The size of `index.mjs`. */
  readonly bytes: number;
  readonly hasSdkClient: boolean;
  /** Bytes by package after minifying, the largest first; `holdfast` is our own code. */
  readonly packages: readonly { readonly name: string; readonly bytes: number }[];
};

/** A function with an SDK client may not be larger. */
export const BUNDLE_BYTES_MAX = 300 * 1_024;

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the bundles go: `<name>/index.mjs` with its source map. */
export const bundlesDirectory = `${root}dist/functions`;

/** Every function that has an entry, by name. */
export const functionNames = (): readonly string[] =>
  readdirSync(`${root}lambdas`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();

/** Bundles functions, each on its own, into `dist/functions/<name>/index.mjs`. */
export const bundleFunctions = (names: readonly string[]): Promise<readonly Bundle[]> =>
  Promise.all(names.map((name) => bundleFunction(name)));

const bundleFunction = async (name: string): Promise<Bundle> => {
  const directory = `${bundlesDirectory}/${name}`;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const outfile = `${directory}/index.mjs`;
  const { metafile } = await build({
    entryPoints: [`${root}lambdas/${name}/index.ts`],
    outfile,
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minify: true,
    legalComments: "none",
    mainFields: ["module", "main"],
    sourcemap: "external",
    metafile: true,
    logLevel: "silent",
    plugins: [builtinModules, leaveOut],
    // Some packages are CommonJS inside; what they require are Node's own modules.
    banner: {
      js: 'import{createRequire as __require}from"node:module";const require=__require(import.meta.url);',
    },
  });
  return describe(name, metafile);
};

const describe = (name: string, { outputs }: Metafile): Bundle => {
  const [output] = Object.entries(outputs)
    .filter(([path]) => path.endsWith(".mjs"))
    .map(([, value]) => value);
  if (output === undefined) throw new Error(`esbuild wrote no bundle of ${name}.`);
  const bytesByPackage = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    const packageName = packageOf(input);
    bytesByPackage.set(packageName, (bytesByPackage.get(packageName) ?? 0) + bytesInOutput);
  }
  const packages = [...bytesByPackage]
    .map(([packageName, bytes]) => ({ name: packageName, bytes }))
    .filter(({ bytes }) => bytes > 0)
    .toSorted((left, right) => right.bytes - left.bytes);
  const hasSdkClient = packages.some((one) => one.name.startsWith("@aws-sdk/client-"));
  return { name, bytes: output.bytes, hasSdkClient, packages };
};

/** The package a file is of: what stands behind the last `node_modules/`. */
const packageOf = (path: string): string => {
  const inside = path.split("node_modules/").at(-1);
  if (inside === undefined || inside === path) return path.includes(":") ? "(stub)" : "holdfast";
  const [first = "", second = ""] = inside.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
};
