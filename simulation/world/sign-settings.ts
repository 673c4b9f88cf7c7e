import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { signPolicy } from "../../shared/use-cases/sign-policy.ts";
import type { SharedWorld } from "./shared-world.ts";
import { SIMULATED_SEAL, SIMULATED_SIGNER } from "./simulated-seal.ts";

/** Signs what decides how much risk is taken, as whoever deploys does, past every fault. */
export const signSettings = async (
  { ledger, engine }: Pick<SharedWorld, "ledger" | "engine">,
  settings: Settings,
): Promise<void> => {
  const deps = {
    policies: createStoredSignedPolicies(ledger.storeOf(() => undefined)),
    seal: SIMULATED_SEAL,
    signers: [SIMULATED_SIGNER],
    clock: engine,
  };
  await signPolicy(deps, settings.account, settings);
};
