import { RetryableError } from "../domain/fault.ts";

/** Telemetry may be lost; an order whose fate is recorded is not delivered again for its sake. */
export const tolerateLoss = async (write: Promise<void>): Promise<void> => {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
  }
};
