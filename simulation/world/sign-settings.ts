import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { signPolicy } from "../../shared/use-cases/sign-policy.ts";
import type { SharedWorld } from "./shared-world.ts";
import { SIMULATED_SEAL, SIMULATED_SIGNER } from "./simulated-seal.ts";

const AGAIN_MS = 60_000;

/**
 * Signs what decides how much risk is taken, as whoever deploys does, past every fault; while there
 * is no table to keep it in, a minute later.
 */
export const signSettings = async (
  shared: Pick<SharedWorld, "ledger" | "engine">,
  settings: Settings,
): Promise<void> => {
  const { ledger, engine } = shared;
  const deps = {
    policies: createStoredSignedPolicies(ledger.storeOf(() => undefined)),
    seal: SIMULATED_SEAL,
    signers: [SIMULATED_SIGNER],
    clock: engine,
  };
  try {
    await signPolicy(deps, settings.account, settings);
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    engine.after(AGAIN_MS, () => {
      engine.wake();
      void signSettings(shared, settings);
    });
  }
};
