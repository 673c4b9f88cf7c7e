import { policyOf, type TradingPolicy } from "../../domain/policy/trading-policy.ts";
import type { Settings } from "../../domain/settings.ts";
import type { SignedConfiguration } from "../../ports/healing.ts";

/** The policy that runs, in the domain's units, and how it stands to the one that was signed. */
export type ConfigurationView = {
  readonly policy: TradingPolicy;
  /** What is not as it was signed, in one sentence; null where nothing is, or nothing is signed. */
  readonly drift: string | null;
  readonly isSigned: boolean;
};

/** Reads the policy that runs. */
export const createReadConfiguration =
  (deps: {
    readonly settings: Settings;
    readonly configuration?: Pick<SignedConfiguration, "drift"> | undefined;
  }) =>
  async (): Promise<ConfigurationView> => ({
    policy: policyOf(deps.settings),
    drift: (await deps.configuration?.drift()) ?? null,
    isSigned: deps.configuration !== undefined,
  });
