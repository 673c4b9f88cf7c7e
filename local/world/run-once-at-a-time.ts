/** Runs `work`; a call while it runs joins that run instead of beginning another. */
export const runOnceAtATime = <Value>(work: () => Promise<Value>): (() => Promise<Value>) => {
  let current: Promise<Value> | undefined;
  return () => {
    current ??= work().finally(() => {
      current = undefined;
    });
    return current;
  };
};
