import { RetryableError, TerminalError } from "../../domain/fault.ts";
import type { Finding } from "../../domain/healing/finding.ts";
import type { RemedyName } from "../../domain/healing/remedy.ts";
import { REMEDIES } from "./remedies/allow-list.ts";
import type { RemedyReach, Wake } from "./remedies/remedy-module.ts";

/** Whether a remedy could be used, and the function that has to run for it. */
export type Attempt =
  | { readonly type: "done"; readonly wake: Wake | null }
  | { readonly type: "failed"; readonly detail: string };

/** Uses a remedy of the allow-list; that it cannot be used is an answer. */
export const useRemedy = async (
  deps: RemedyReach,
  remedy: RemedyName,
  { subject }: Finding,
): Promise<Attempt> => {
  try {
    const { wake } = await REMEDIES[remedy].apply(subject, reachOf(deps));
    return { type: "done", wake };
  } catch (error) {
    if (error instanceof RetryableError || error instanceof TerminalError) {
      return { type: "failed", detail: error.message };
    }
    throw error;
  }
};

/** No more than remedies may touch. */
export const reachOf = ({
  healing,
  telemetry,
  configuration,
  clock,
  settings,
}: RemedyReach): RemedyReach => ({ healing, telemetry, configuration, clock, settings });
