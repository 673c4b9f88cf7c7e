import type { FunctionHandler } from "../invocation.ts";

/**
 * The entry that Lambda calls. The handler is built by the first invocation and kept; where that
 * fails (a secret cannot be read), the next invocation tries again instead of a dead environment.
 */
export const createLambdaEntry = <Event, Answer>(
  build: () => Promise<FunctionHandler<Event, Answer>>,
): FunctionHandler<Event, Answer> => {
  let built: Promise<FunctionHandler<Event, Answer>> | undefined;
  return async (event, context) => {
    built ??= build();
    const building = built;
    try {
      return await (
        await building
      )(event, context);
    } catch (error) {
      // Only what failed to be built is forgotten; a handler that throws is kept.
      await building.catch(() => {
        built = undefined;
      });
      throw error;
    }
  };
};
