const DEPTH_MAX = 6;

/** Any JSON value as lines of `name: value` for a person, what is inside of something indented. */
export const toPlainLines = (value: unknown, depth = 0): readonly string[] => {
  const indent = "  ".repeat(depth);
  if (typeof value !== "object" || value === null || depth >= DEPTH_MAX) {
    return [`${indent}${plain(value)}`];
  }
  return Object.entries(value).flatMap(([name, inner]: readonly [string, unknown]) => {
    const isNested = typeof inner === "object" && inner !== null && Object.keys(inner).length > 0;
    return isNested && depth + 1 < DEPTH_MAX
      ? [`${indent}${name}:`, ...toPlainLines(inner, depth + 1)]
      : [`${indent}${name}: ${plain(inner)}`];
  });
};

const plain = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value === null) return "none";
  const isEmpty = typeof value === "object" && Object.keys(value).length === 0;
  return isEmpty ? "none" : JSON.stringify(value);
};
