import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPolicySeal } from "../../shared/adapters/host/policy-seal.ts";
import type { PolicySeal, PolicySigner } from "../../shared/ports/signed-policies.ts";
import { createSigningKeys } from "../../shared/runtime/signed-configuration.ts";

/** The file in a state directory that keeps the key of its policy's seal. */
export const POLICY_KEY_FILE = "policy-key";

/**
 * The seal of a local world's policy, by a key that its state directory keeps for this user alone
 * and that is made with the world.
 */
export const openPolicySeal = (statePath: string): PolicySeal & PolicySigner => {
  const file = join(statePath, POLICY_KEY_FILE);
  if (!existsSync(file)) {
    writeFileSync(file, createSigningKeys().privateKey, { mode: 0o600, flag: "wx" });
  }
  return createPolicySeal(readFileSync(file, "utf8"));
};
