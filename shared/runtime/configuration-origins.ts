import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { OVERRIDES } from "./configuration.ts";
import type { Configuration } from "./configuration-schema.ts";

/** A value of the configuration, by its path, with where it comes from. */
export type OriginatedValue = {
  /** `limits.maxPositionSizeUsd`. */
  readonly path: string;
  readonly value: unknown;
  /** `default`, `environment MAX_POSITION_SIZE_USD` or `holdfast.yaml:12`. */
  readonly origin: string;
};

/**
 * Every value of a configuration that was read from `text` (a file of this name) with the
 * environment above it, and where it comes from.
 */
export const originsOf = (
  configuration: Configuration,
  source: {
    readonly fileName: string;
    readonly text: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
): readonly OriginatedValue[] => {
  const { fileName, text, environment } = source;
  const lines = writtenLines(text);
  return leavesOf(configuration, "").map(({ path, value }) => {
    const variable = variableOf(path);
    if (variable !== undefined && environment[variable] !== undefined) {
      return { path, value, origin: `environment ${variable}` };
    }
    const line = lines.get(path);
    return { path, value, origin: line === undefined ? "default" : `${fileName}:${line}` };
  });
};

/** Every value of a JSON value by its path; lists are values. */
const leavesOf = (
  value: unknown,
  path: string,
): readonly { readonly path: string; readonly value: unknown }[] => {
  if (!isRecord(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item, path === "" ? key : `${path}.${key}`),
  );
};

const variableOf = (path: string): string | undefined =>
  Object.entries(OVERRIDES).find(([, limit]) => path === `limits.${limit}`)?.[0];

/** The line of each value that the file writes. */
const writtenLines = (text: string): ReadonlyMap<string, number> => {
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter });
  const lines = new Map<string, number>();
  const visit = (map: YAMLMap, prefix: string): void => {
    for (const { key, value } of map.items) {
      if (!isScalar(key)) continue;
      const path = prefix + String(key.value);
      if (isMap(value)) visit(value, `${path}.`);
      else lines.set(path, counter.linePos(key.range?.[0] ?? 0).line);
    }
  };
  if (isMap(contents)) visit(contents, "");
  return lines;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
