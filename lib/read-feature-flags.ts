import { readFileSync } from "node:fs";
import * as z from "zod";

const ProjectFile = z.object({ context: z.record(z.string(), z.unknown()) });

/**
 * Returns the CDK's feature flags as cdk.json sets them once for all, for those who make the
 * application without the CDK's CLI. Throws if the file is not what the CLI needs it to be.
 */
export const readFeatureFlags = (): Readonly<Record<string, unknown>> => {
  const text = readFileSync(new URL("../cdk.json", import.meta.url), "utf8");
  return ProjectFile.parse(JSON.parse(text)).context;
};
