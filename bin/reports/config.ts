import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Document, isMap, isPair, isScalar, visit } from "yaml";
import type { Configuration } from "../../shared/runtime/configuration-schema.ts";
import { configurationJsonSchema } from "../../shared/runtime/configuration-json-schema.ts";
import { originsOf, type OriginatedValue } from "../../shared/runtime/configuration-origins.ts";
import { readConfiguration } from "../read-configuration.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";

/** Shows the configuration with the origin of each value, checks it, or writes its schema. */
export const reportConfiguration = async (
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  if (input.arguments[0] === "schema") {
    context.write(configurationJsonSchema());
    return 0;
  }
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
  const origins = originsOf(configuration, {
    fileName: basename(path),
    text: readFileSync(path, "utf8"),
    environment: context.environment,
  });
  if (input.isJson) {
    context.write(`${JSON.stringify({ mode, isValid: true, configuration, origins })}\n`);
  } else if (input.arguments[0] === "show") {
    context.write(`# mode: ${mode}\n${withOrigins(configuration, origins)}`);
  } else {
    const count = configuration.symbols.length;
    context.write(`${path} is valid: ${count} symbols, mode ${mode}.\n`);
  }
  return 0;
};

/** As YAML that could be a configuration file itself, each value's origin behind it. */
const withOrigins = (configuration: Configuration, origins: readonly OriginatedValue[]): string => {
  const originByPath = new Map(origins.map(({ path, origin }) => [path, origin]));
  const document = new Document(configuration);
  visit(document, {
    Pair: (_index, { key, value }, ancestors) => {
      if (isMap(value) || !isScalar(key)) return;
      const outer = ancestors.filter(isPair).map((pair) => String(pair.key));
      const origin = originByPath.get([...outer, String(key.value)].join("."));
      if (origin === undefined) return;
      if (isScalar(value)) value.comment = ` ${origin}`;
      else key.commentBefore = ` ${origin}`;
    },
  });
  return document.toString({ lineWidth: 0 });
};
