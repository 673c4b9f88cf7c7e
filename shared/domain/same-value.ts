/**
 * Whether two values of JSON are the same, field for field; a field that is `undefined` is absent,
 * as JSON leaves it out. What is no finite number is like nothing.
 */
export const isSameValue = (one: unknown, other: unknown): boolean => {
  if (typeof one === "number") return one === other && Number.isFinite(one);
  if (one === other) return true;
  if (!isTree(one) || !isTree(other)) return false;
  if (Array.isArray(one) || Array.isArray(other)) return isSameList(one, other);
  let fields = 0;
  for (const [key, value] of Object.entries(one)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(other, key) || !isSameValue(value, other[key])) return false;
    fields++;
  }
  for (const value of Object.values(other)) if (value !== undefined) fields--;
  return fields === 0;
};

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

const isSameList = (one: unknown, other: unknown): boolean =>
  Array.isArray(one) &&
  Array.isArray(other) &&
  one.length === other.length &&
  one.every((each, place) => isSameValue(each, other[place]));
