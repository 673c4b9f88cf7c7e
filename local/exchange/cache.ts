/** Returns the value of a key, made if it is not known. */
export type Cache<Value> = (key: string, make: () => Value) => Value;

/** Keeps at most `sizeMax` values and forgets the oldest; a forgotten value is made again. */
export const createCache = <Value>(sizeMax: number): Cache<Value> => {
  const values = new Map<string, Value>();
  return (key, make) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = make();
    const [oldest] = values.keys();
    if (values.size >= sizeMax && oldest !== undefined) values.delete(oldest);
    values.set(key, value);
    return value;
  };
};
