import { createKmsClient } from "../../adapters/aws/clients.ts";
import { createKmsSeal } from "../../adapters/aws/policy-seal.ts";
import { createStoredSignedPolicies } from "../../adapters/stored/signed-policies.ts";
import type { PolicySeal, SignedPolicies } from "../../ports/signed-policies.ts";
import { createLedgerItems } from "./tables.ts";

/** Where the signed policy is kept, and the key that verifies it. */
type PolicyEnvironment = {
  readonly HOLDFAST_REGION: string;
  readonly LEDGER_TABLE: string;
  readonly POLICY_KEY_ARN: string;
};

/** The signed policies of the ledger's table, verified by the Region's key; nothing here signs. */
export const connectPolicies = (
  environment: PolicyEnvironment,
): { readonly policies: SignedPolicies; readonly seal: PolicySeal } => ({
  policies: createStoredSignedPolicies(createLedgerItems(environment)),
  seal: createKmsSeal({
    client: createKmsClient({ region: environment.HOLDFAST_REGION }),
    keyId: environment.POLICY_KEY_ARN,
  }),
});
