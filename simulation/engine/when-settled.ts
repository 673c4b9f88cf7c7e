/** Tells how a promise ended. What the listeners throw rejects what is returned. */
export const whenSettled = async <Value>(
  work: Promise<Value>,
  onValue: (value: Value) => void,
  onError: (error: unknown) => void,
): Promise<void> => {
  let value: Value;
  try {
    value = await work;
  } catch (error) {
    onError(error);
    return;
  }
  onValue(value);
};
