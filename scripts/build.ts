import { parseArgs } from "node:util";
import {
  BUNDLE_BYTES_MAX,
  bundleFunctions,
  functionNames,
  type Bundle,
} from "./bundle-functions.ts";

/** Packages that a table's row names; the rest is summed up. */
const PACKAGES_SHOWN = 6;

const USAGE = `Usage: npm run build -- [--json]
Bundles each function on its own into dist, and prints its bytes and the packages inside.
`;

const kibibytes = (bytes: number): string => `${(bytes / 1_024).toFixed(1)} KiB`;

const isTooLarge = (bundle: Bundle): boolean => bundle.bytes > BUNDLE_BYTES_MAX;

const toRow = (bundle: Bundle): string => {
  const shown = bundle.packages.slice(0, PACKAGES_SHOWN);
  const rest = bundle.packages.length - shown.length;
  const packages = shown.map(
    ({ name, bytes }) => `${name} ${Math.round((bytes / bundle.bytes) * 100)} %`,
  );
  const more = rest > 0 ? [`and ${rest} more`] : [];
  const mark = isTooLarge(bundle) ? "TOO LARGE " : "";
  const size = kibibytes(bundle.bytes).padStart(10);
  return `${bundle.name.padEnd(20)}${size}  ${mark}${[...packages, ...more].join(", ")}`;
};

/** Bundles all and prints them; returns the exit code: 0, or 2 when one is too large. */
const build = async (isJson: boolean): Promise<0 | 2> => {
  const bundles = await bundleFunctions(functionNames());
  const tooLarge = bundles.filter(isTooLarge);
  if (isJson) {
    const functions = bundles.map((bundle) => ({ ...bundle, ok: !isTooLarge(bundle) }));
    console.log(JSON.stringify({ bytesMax: BUNDLE_BYTES_MAX, functions }, undefined, 2));
  } else {
    for (const bundle of bundles) console.log(toRow(bundle));
    for (const { name, bytes } of tooLarge) {
      console.error(`${name} has ${kibibytes(bytes)}, more than ${kibibytes(BUNDLE_BYTES_MAX)}.`);
    }
  }
  return tooLarge.length === 0 ? 0 : 2;
};

/** Returns the exit code: 0 built, 2 too large, 64 usage. */
const main = async (): Promise<0 | 2 | 64> => {
  try {
    const { json, help } = parseArgs({
      options: {
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
    if (!help) return await build(json);
    process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    if (!(error instanceof TypeError) || !("code" in error)) throw error;
    process.stderr.write(`build: ${error.message}\n${USAGE}`);
    return 64;
  }
};

process.exitCode = await main();
