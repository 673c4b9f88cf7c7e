/**
 * The paths of all that was put in and did not come out as it was, such as
 * `flowAlerts.alerts.0.isSweep`; where a whole part is gone, the part alone is named.
 */
export const lostFields = (expected: unknown, actual: unknown, path = ""): readonly string[] => {
  if (!isTree(expected)) return isSame(expected, actual) ? [] : [path];
  if (!isTree(actual)) return [path];
  return Object.entries(expected).flatMap(([name, part]) =>
    lostFields(part, Object.hasOwn(actual, name) ? actual[name] : undefined, join(path, name)),
  );
};

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** What is computed with floats on its way comes out as good as equal; times and counts are not. */
const isSame = (expected: unknown, actual: unknown): boolean => {
  if (typeof expected !== "number" || typeof actual !== "number") return expected === actual;
  if (Number.isInteger(expected) && Number.isInteger(actual)) return expected === actual;
  return Math.abs(expected - actual) <= 1e-9 * Math.max(1, Math.abs(expected));
};
