import { stringify } from "yaml";
import { readConfiguration } from "../read-configuration.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";

/** Shows or checks the configuration; 64 when it is not valid. */
export const reportConfiguration = async (
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const path = String(input.options["config"]);
  const mode = String(input.options["mode"]);
  const reading = readConfiguration(path, context.environment);
  if (!reading.isValid) {
    const { problems } = reading;
    if (input.isJson) context.write(`${JSON.stringify({ mode, isValid: false, problems })}\n`);
    else context.writeError(problems.map((problem) => `${problem}\n`).join(""));
    return 64;
  }
  const { configuration } = reading;
  if (input.isJson) {
    context.write(`${JSON.stringify({ mode, isValid: true, configuration })}\n`);
  } else if (input.arguments[0] === "show") {
    context.write(`# mode: ${mode}\n${stringify(configuration)}`);
  } else {
    const count = configuration.symbols.length;
    context.write(`${path} is valid: ${count} symbols, mode ${mode}.\n`);
  }
  return 0;
};
