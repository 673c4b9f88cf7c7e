import { canonicalJson } from "../canonical-json.ts";
import { isSameValue } from "../same-value.ts";
import type { Settings } from "../settings.ts";

/** What decides how much risk is taken: the part of the configuration that is signed. */
export type TradingPolicy = Pick<
  Settings,
  "weights" | "tier" | "gate" | "entry" | "exit" | "limits"
>;

/** One value that is not the signed one; absent values are null. */
export type PolicyDifference = {
  /** `gate.thresholds.base`. */
  readonly path: string;
  readonly signed: string | null;
  readonly found: string | null;
};

/** The signed part of the settings. */
export const policyOf = ({
  weights,
  tier,
  gate,
  entry,
  exit,
  limits,
}: Settings): TradingPolicy => ({
  weights,
  tier,
  gate,
  entry,
  exit,
  limits,
});

/**
 * Where what was found is not what was signed, in either direction: a limit that somebody lowered
 * is as much a difference as one that somebody raised. Both are JSON values.
 */
export const differencesOf = (signed: unknown, found: unknown): readonly PolicyDifference[] => {
  // Nearly always; every cycle and every entry looks, and it costs a tenth.
  if (isSameValue(signed, found)) return [];
  const expected = new Map(leavesOf(signed, ""));
  const actual = new Map(leavesOf(found, ""));
  const paths = new Set([...expected.keys(), ...actual.keys()]);
  return [...paths].flatMap((path) => {
    const [one, other] = [expected.get(path) ?? null, actual.get(path) ?? null];
    return one === other ? [] : [{ path, signed: one, found: other }];
  });
};

const NAMED_MAX = 3;

/** `gate.thresholds.base is 2.5 and not 2.7, and 4 more`. */
export const describeDifferences = (differences: readonly PolicyDifference[]): string => {
  const named = differences
    .slice(0, NAMED_MAX)
    .map(
      ({ path, signed, found }) => `${path} is ${found ?? "absent"} and not ${signed ?? "absent"}`,
    );
  const more = differences.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
};

const leavesOf = (value: unknown, path: string): readonly (readonly [string, string])[] => {
  // `undefined` is how a value says that it is absent; canonical JSON leaves it out too.
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [[path, canonicalJson(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]: readonly [string, unknown]) =>
    leavesOf(inner, path === "" ? key : `${path}.${key}`),
  );
};
