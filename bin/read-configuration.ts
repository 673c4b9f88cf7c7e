import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describeProblems, parseConfiguration } from "../shared/runtime/configuration.ts";
import type { Configuration } from "../shared/runtime/configuration-schema.ts";
import { usageFault, VerbFault } from "./verb.ts";

/** A configuration file with the environment above it, or every problem as a sentence. */
export type ConfigurationReading =
  | { readonly isValid: true; readonly configuration: Configuration }
  | { readonly isValid: false; readonly problems: readonly string[] };

/** Reads the file. Throws `VerbFault` if there is none to read. */
export const readConfiguration = (
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigurationReading => {
  const parsed = parseConfiguration(readText(path), environment);
  return parsed.ok
    ? { isValid: true, configuration: parsed.value }
    : { isValid: false, problems: describeProblems(basename(path), parsed.error) };
};

/** The configuration, or a `VerbFault` that names its first problem and how many there are. */
export const requireConfiguration = (
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration => {
  const reading = readConfiguration(path, environment);
  if (reading.isValid) return reading.configuration;
  const [first = "It is not valid.", ...more] = reading.problems;
  const rest = more.length === 0 ? "" : ` ${more.length} more: see \`config validate\`.`;
  throw new VerbFault(`${first}${rest}`, 64);
};

const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no code";
    throw usageFault(`The configuration ${path} cannot be read (${code}).`);
  }
};
