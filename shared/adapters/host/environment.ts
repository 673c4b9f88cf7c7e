/** The process's environment variables: the only place that reads them. */
export const hostEnvironment = (): Readonly<Record<string, string | undefined>> => process.env;

/**
 * Puts what the environment says now into an ordinary object, which every library then asks: those
 * that handle batches ask a dozen times a batch, and each question to the system takes longer than
 * what it decides. For a process whose variables nobody changes while it runs.
 */
export const settleEnvironment = (): void => {
  process.env = { ...process.env };
};
