import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type * as z from "zod";
import { err, ok, type Result } from "../domain/result.ts";
import { Configuration } from "./configuration-schema.ts";

/** What is wrong in a configuration: where, and a sentence that repeats no value. */
type ConfigurationProblem = {
  /** From 1; null where the problem is not in the file (an environment variable). */
  readonly line: number | null;
  /** `limits.maxPositionSizeUsd`, or the variable's name. */
  readonly path: string;
  readonly problem: string;
};

/** The configuration cannot be used; nothing may trade on a guess. */
export type ConfigurationInvalid = {
  readonly type: "ConfigurationInvalid";
  readonly problems: readonly ConfigurationProblem[];
};

/**
 * Reads the configuration from its YAML text with the environment's limits above it. Every problem
 * is reported, each with its line; a key that nobody knows is one.
 */
export const parseConfiguration = (
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Result<Configuration, ConfigurationInvalid> => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    return invalid(
      document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        path: "",
        problem: `This is not YAML: ${error.code.toLowerCase().replaceAll("_", " ")}.`,
      })),
    );
  }
  if (document.contents === null) {
    return invalid([{ line: 1, path: "", problem: "There is no configuration in this file." }]);
  }
  const overrides = readOverrides(environment);
  if (!overrides.ok) return overrides;
  const value = toValue(document);
  if (!value.ok) return value;
  const written = withOverrides(value.value, overrides.value);
  const parsed = Configuration.safeParse(written);
  if (parsed.success) return ok(parsed.data);
  return invalid(parsed.error.issues.flatMap((issue) => toProblems(issue, document, lines)));
};

/** Aliases may make a small file large, or lead nowhere; `yaml` refuses both by throwing. */
const toValue = (document: Document): Result<unknown, ConfigurationInvalid> => {
  try {
    return ok(document.toJS({ maxAliasCount: 100 }) as unknown);
  } catch {
    return invalid([{ line: 1, path: "", problem: "An alias cannot be resolved." }]);
  }
};

/** One sentence a problem: `holdfast.yaml:12: limits.maxPositionSizeUsd: ...`. */
export const describeProblems = (
  fileName: string,
  { problems }: ConfigurationInvalid,
): readonly string[] =>
  problems.map(({ line, path, problem }) =>
    [line === null ? "environment" : `${fileName}:${line}`, path, problem]
      .filter((part) => part !== "")
      .join(": "),
  );

/** The settings by environment (S7) and the limits they stand above. */
export const OVERRIDES = {
  MAX_POSITION_SIZE_USD: "maxPositionSizeUsd",
  MAX_NOTIONAL_PER_ORDER: "maxNotionalPerOrderUsd",
  MAX_PORTFOLIO_EXPOSURE_PCT: "maxPortfolioExposurePct",
  MAX_CONCENTRATION_PER_SYMBOL_PCT: "maxConcentrationPerSymbolPct",
  MAX_PRICE_DEVIATION_PCT: "maxPriceDeviationPct",
  MIN_COOLDOWN_MINUTES: "minCooldownMinutes",
} as const;

type OverrideName = keyof typeof OVERRIDES;
const overrideNames = Object.keys(OVERRIDES) as readonly OverrideName[];
const DECIMAL = /^\d{1,12}(\.\d{1,6})?$/;

const readOverrides = (
  environment: Readonly<Record<string, string | undefined>>,
): Result<Readonly<Record<string, number>>, ConfigurationInvalid> => {
  const values: Record<string, number> = {};
  const problems: ConfigurationProblem[] = [];
  for (const name of overrideNames) {
    const text = environment[name];
    if (text === undefined) continue;
    // An empty or malformed limit must not read as 0 or as absent: it stops the start.
    if (DECIMAL.test(text)) values[OVERRIDES[name]] = Number(text);
    else problems.push({ line: null, path: name, problem: "A decimal number is needed." });
  }
  return problems.length > 0 ? invalid(problems) : ok(values);
};

const withOverrides = (written: unknown, overrides: Readonly<Record<string, number>>): unknown => {
  if (Object.keys(overrides).length === 0 || !isRecord(written)) return written;
  const limits = written["limits"] ?? {};
  return isRecord(limits) ? { ...written, limits: { ...limits, ...overrides } } : written;
};

const toProblems = (
  issue: z.core.$ZodIssue,
  document: Document,
  lines: LineCounter,
): readonly ConfigurationProblem[] => {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      problemAt([...issue.path, key], "This key is not known.", document, lines),
    );
  }
  const override = overrideNames.find((name) => OVERRIDES[name] === issue.path[1]);
  const isAbsent = nodeAt(document, issue.path) === undefined;
  if (issue.path[0] === "limits" && override !== undefined && isAbsent) {
    return [{ line: null, path: override, problem: issue.message }];
  }
  return [problemAt(issue.path, issue.message, document, lines)];
};

const problemAt = (
  path: readonly PropertyKey[],
  problem: string,
  document: Document,
  lines: LineCounter,
): ConfigurationProblem => {
  // What is missing has no line of its own: the nearest that encloses it has.
  for (let length = path.length; length >= 0; length--) {
    const offset = nodeAt(document, path.slice(0, length))?.range?.[0];
    if (offset === undefined) continue;
    return { line: lines.linePos(offset).line, path: path.map(String).join("."), problem };
  }
  return { line: 1, path: path.map(String).join("."), problem };
};

/** The node under a path: a mapping's key, so that its line is the key's; else the element. */
const nodeAt = (document: Document, path: readonly PropertyKey[]): Node | undefined => {
  const last = path.at(-1);
  const parent: unknown =
    path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (last === undefined) return document.contents ?? undefined;
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    return isScalar(pair?.key) ? pair.key : undefined;
  }
  const element: unknown = document.getIn(path, true);
  return isScalar(element) || isMap(element) ? element : undefined;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const invalid = (problems: readonly ConfigurationProblem[]): Result<never, ConfigurationInvalid> =>
  err({ type: "ConfigurationInvalid", problems });
