import * as z from "zod";
import { Configuration } from "./configuration-schema.ts";

/** Where the published schema stands beside the configuration. */
export const SCHEMA_FILE = "holdfast.schema.json";

/** The JSON Schema of the configuration file, as text: what an editor checks and completes by. */
export const configurationJsonSchema = (): string => {
  // What a file may say, so that everything with a default is optional.
  const schema = z.toJSONSchema(Configuration, { io: "input", unrepresentable: "any" });
  const titled = { ...schema, title: "Holdfast's configuration" };
  return `${JSON.stringify(titled, null, 2)}\n`;
};
