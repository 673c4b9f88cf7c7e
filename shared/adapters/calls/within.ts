import { AssertionFault } from "../../domain/assert.ts";
import type { Timers } from "../../ports/timers.ts";

/**
 * What a promise brings within `ms`, else `undefined`, also where it fails: for work whose result
 * is useful and never necessary. The promise itself goes on. Bugs are not hidden.
 */
export const within = async <Value>(
  timers: Timers,
  ms: number,
  promise: Promise<Value>,
): Promise<Value | undefined> => {
  const tooLate = Promise.withResolvers<undefined>();
  const callOff = timers.after(ms, () => tooLate.resolve(undefined));
  try {
    return await Promise.race([promise, tooLate.promise]);
  } catch (error) {
    if (error instanceof AssertionFault) throw error;
    return undefined;
  } finally {
    callOff();
  }
};
