import { assert } from "./assert.ts";

/** A record that is never changed in place, by whoever has it. */
type Fixed<Value> = Readonly<Record<string, Value>>;

/** The names of a record and, at the same places, its values. */
export type Listed<Value> = {
  readonly names: readonly string[];
  readonly values: readonly Value[];
};

/** Lists a record that never changes, in its own order: once, however many look through it. */
export const listOf = <Value>(record: Fixed<Value>): Listed<Value> => {
  const known = lists.get(record) as Listed<Value> | undefined;
  if (known !== undefined) return known;
  const listed = { names: Object.keys(record), values: Object.values(record) };
  lists.set(record, listed);
  return listed;
};

const lists = new WeakMap<object, Listed<unknown>>();

/** The record with this value: in the place of the one of its name, or behind all others. */
export const withNamed = <Value>(
  record: Fixed<Value>,
  name: string,
  value: Value,
): Fixed<Value> => {
  const { names, values } = listOf(record);
  const place = Object.hasOwn(record, name) ? names.indexOf(name) : names.length;
  // Else somebody has changed the record in place, and another value would be lost for this one.
  assert(place >= 0, "A listed record has a name that its list has not.");
  return place === names.length
    ? toRecord([...names, name], [...values, value])
    : toRecord(names, values.with(place, value));
};

/** The record without the values that are not to be kept. */
export const keepNamed = <Value>(
  record: Fixed<Value>,
  isKept: (name: string, value: Value) => boolean,
): Fixed<Value> => {
  const { names, values } = listOf(record);
  const kept = { names: [] as string[], values: [] as Value[] };
  for (const [place, value] of values.entries()) {
    const name = names[place] ?? "";
    if (!isKept(name, value)) continue;
    kept.names.push(name);
    kept.values.push(value);
  }
  return toRecord(kept.names, kept.values);
};

/** The record without the value of this name. */
export const withoutNamed = <Value>(record: Fixed<Value>, name: string): Fixed<Value> =>
  keepNamed(record, (one) => one !== name);

/**
 * A copy to write into, without a prototype: it is a hash table from its beginning, where any other
 * object takes each name that is unlike all before for a new kind of object, ten times as dear.
 * No name is inherited either.
 */
export const toTable = <Value>(record: Fixed<Value>): Record<string, Value> =>
  Object.assign(Object.create(null) as Record<string, Value>, record);

/** Written from lists: copying the record before name by name takes several times as long. */
const toRecord = <Value>(names: readonly string[], values: readonly Value[]): Fixed<Value> => {
  const record = toTable<Value>({});
  for (let place = 0; place < names.length; place++) {
    record[names[place] as string] = values[place] as Value;
  }
  lists.set(record, { names, values });
  return record;
};
