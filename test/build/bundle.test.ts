import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import {
  BUNDLE_BYTES_MAX,
  bundleFunctions,
  functionNames,
  type Bundle,
} from "../../scripts/bundle-functions.ts";
import { TIMEOUT_SECONDS } from "../../shared/runtime/function-limits.ts";
import { goodEnvironment } from "../lambdas/good-environment.ts";

const run = promisify(execFile);
const directory = `${process.cwd()}/dist/test-functions`;
const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

/** Runs a sentence of JavaScript in a fresh Node that imports the bundle as `handler`. */
const inNode = async (
  name: string,
  environment: Readonly<Record<string, string>>,
  sentence: string,
): Promise<string> => {
  const script = `const { handler } = await import(${JSON.stringify(`${directory}/${name}/index.mjs`)}); ${sentence}`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...environment },
  });
  return stdout;
};

describe("the functions' bundles", () => {
  let bundles: readonly Bundle[] = [];
  beforeAll(async () => {
    bundles = await bundleFunctions(functionNames(), directory);
  });

  it("are one for each of the functions, each with its own client and code", () => {
    expect(bundles.map(({ name }) => name)).toEqual(Object.keys(TIMEOUT_SECONDS).toSorted());
    for (const { packages, bytes } of bundles) {
      expect(packages.map((one) => one.name)).toContain("holdfast");
      const inside = packages.reduce((sum, one) => sum + one.bytes, 0);
      expect(inside).toBeLessThanOrEqual(bytes);
    }
  });

  it("load with the environment that the stack writes, and export a handler", async () => {
    const kinds = await Promise.all(
      functionNames().map((name) =>
        inNode(name, goodEnvironment, "process.stdout.write(typeof handler);"),
      ),
    );
    expect(new Set(kinds)).toEqual(new Set(["function"]));
  });

  it("refuse a bad environment by names of keys, never by values", async () => {
    const bad = { ...goodEnvironment, TELEMETRY_TABLE: "", HOLDFAST_MODE: "hunter2" };
    const failure = await inNode("close-cycle", bad, "").catch((error: unknown) => String(error));
    expect(failure).toContain("look at: HOLDFAST_MODE, TELEMETRY_TABLE.");
    expect(failure).not.toContain("hunter2");
  });

  it("work on their own: an unknown route is answered, logged and measured in JSON", async () => {
    const event = { rawPath: "/api/nothing", requestContext: { http: { method: "GET" } } };
    const output = await inNode(
      "serve-api",
      { ...goodEnvironment, ...credentials },
      `console.log(JSON.stringify(await handler(${JSON.stringify(event)}, { awsRequestId: "1", getRemainingTimeInMillis: () => 9000 })));`,
    );
    const lines = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ service: "serve-api", mode: "paper", success: 1 });
    expect(lines[0]).toHaveProperty("_aws");
    expect(lines.at(-1)).toMatchObject({ statusCode: 404 });
  });

  it("hold the thin clients and none of the official ones", () => {
    const names = new Set(bundles.flatMap(({ packages }) => packages.map((one) => one.name)));
    expect([...names].filter((name) => /^@(aws-sdk|smithy)\//.test(name))).toEqual([]);
  });

  it("stay within their bound", () => {
    const tooLarge = bundles.filter(({ bytes }) => bytes > BUNDLE_BYTES_MAX);
    expect(tooLarge.map(({ name, bytes }) => `${name}: ${bytes}`)).toEqual([]);
  });
});
