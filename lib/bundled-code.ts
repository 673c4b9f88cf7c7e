import { existsSync } from "node:fs";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { FunctionName } from "./constructs/platform.ts";
import { DeploymentInvalid } from "./deployment.ts";

/**
 * Returns a finder of functions' bundles, as the build leaves them: `<directory>/<name>/index.mjs`.
 * The finder throws `DeploymentInvalid` if there is none.
 */
export const bundledCode =
  (directory: string) =>
  (name: FunctionName): Code => {
    const path = join(directory, name);
    if (existsSync(join(path, "index.mjs"))) return Code.fromAsset(path);
    throw new DeploymentInvalid(`${path} has no index.mjs: run \`npm run build\` first.`);
  };
