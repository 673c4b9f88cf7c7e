/** Tells how a promise ended. What the listeners throw rejects what is returned. */
export const whenSettled = <Value>(
  work: Promise<Value>,
  onValue: (value: Value) => void,
  onError: (error: unknown) => void,
): Promise<void> => work.then(onValue, onError);
