import { Configuration } from "./configuration-schema.ts";

/**
 * The configuration as JSON without what has its default, so that it fits into a function's
 * environment; `Configuration` reads it back to the same value.
 */
export const compactConfiguration = (configuration: Configuration): string => {
  const { version, symbols } = configuration;
  const defaults = Configuration.parse({ version, symbols });
  return JSON.stringify({ ...changes(configuration, defaults), version, symbols });
};

type JsonRecord = Readonly<Record<string, unknown>>;

const changes = (value: JsonRecord, defaults: JsonRecord): JsonRecord => {
  const changed: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const standard = defaults[key];
    if (isRecord(item) && isRecord(standard)) {
      const inner = changes(item, standard);
      if (Object.keys(inner).length > 0) changed[key] = inner;
    } else if (item !== standard) changed[key] = item;
  }
  return changed;
};

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);
