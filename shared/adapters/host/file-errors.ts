import { RetryableError } from "../../domain/fault.ts";

/** What `work` gives, or `missing` where the file or directory is not there. */
export const unlessMissing = async <Value, Missing>(
  work: () => Promise<Value>,
  missing: Missing,
): Promise<Value | Missing> => {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return missing;
    throw error;
  }
};

/** Turns what the operating system refuses into a `RetryableError` that names the place. */
export const orRetryable =
  (place: string) =>
  async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      throw new RetryableError(`The ${place} cannot be used: ${code}.`, { cause: error });
    }
  };

/** The operating system's name of what failed. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
