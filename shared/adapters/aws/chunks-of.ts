/** Cuts a list into pieces of at most `size`. */
export const chunksOf = <Value>(
  values: readonly Value[],
  size: number,
): readonly (readonly Value[])[] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
