import { RetryableError } from "../domain/fault.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { sealedTextOf } from "../domain/policy/signed-policy.ts";
import { describeDifferences, differencesOf, policyOf } from "../domain/policy/trading-policy.ts";
import type { AuditTrail } from "../ports/audit-trail.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  PolicySeal,
  PolicySigner,
  SignedPolicies,
  SignedPolicy,
} from "../ports/signed-policies.ts";
import { readSignedPolicy } from "./read-signed-policy.ts";

/** What signing needs. */
export type SignPolicyDeps = {
  readonly policies: SignedPolicies;
  readonly seal: PolicySeal;
  /** A signature of each is kept. */
  readonly signers: readonly PolicySigner[];
  readonly clock: Pick<Clock, "nowMs">;
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
};

/** Versions before that are kept along. */
const EARLIER_MAX = 3;

/**
 * Signs a policy as the next version and keeps it; one that is signed already stays as it is. Says
 * what is kept then. It can raise a limit, so that it is recorded first or not done. Throws
 * `RetryableError`.
 */
export const signPolicy = async (
  deps: SignPolicyDeps,
  account: string,
  settings: Parameters<typeof policyOf>[0],
  actor = "whoever signs",
): Promise<SignedPolicy> => {
  const reach = { ...deps, account };
  const first = await readSignedPolicy(reach);
  const before = first.type === "signed" ? first : await readSignedPolicy(reach, "loadSpare");
  const policyText = canonicalJson(policyOf(settings));
  const standing = before.type === "signed" ? before.signed : undefined;
  if (first.type === "signed" && first.signed.policyText === policyText) return first.signed;
  const sealed = {
    serial: (standing?.serial ?? 0) + 1,
    policyText,
    earlier: earlierOf(standing, policyText),
    signedAtMs: deps.clock.nowMs(),
  };
  await record(deps, actor, sealed);
  const text = sealedTextOf(sealed);
  const signatures = await Promise.all(deps.signers.map((signer) => signer.sign(text)));
  const signed = { ...sealed, signatures };
  await deps.policies.save(account, signed);
  return signed;
};

const record = async (
  { audit }: SignPolicyDeps,
  actor: string,
  { serial, policyText, earlier }: Pick<SignedPolicy, "serial" | "policyText" | "earlier">,
): Promise<void> => {
  const [before] = earlier;
  const differences =
    before === undefined ? [] : differencesOf(JSON.parse(before), JSON.parse(policyText));
  const changes = describeDifferences(differences).slice(0, 1_000);
  const recorded = await audit?.record({
    kind: "configuration-signed",
    actor: actor.slice(0, 255),
    epoch: null,
    body: { serial, changes },
  });
  if (recorded?.ok === false) {
    throw new RetryableError(`It cannot be recorded, so it is not done. ${recorded.error.detail}`);
  }
};

const earlierOf = (before: SignedPolicy | undefined, policyText: string): SignedPolicy["earlier"] =>
  before === undefined
    ? []
    : [before.policyText, ...before.earlier]
        .filter((text) => text !== policyText)
        .slice(0, EARLIER_MAX);
