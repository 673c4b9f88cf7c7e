import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import { sealedTextOf } from "../../shared/domain/policy/signed-policy.ts";
import { policyOf } from "../../shared/domain/policy/trading-policy.ts";
import type { Limits } from "../../shared/domain/risk/limits.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { SignedPolicy } from "../../shared/ports/signed-policies.ts";
import { signatureOf } from "../world/simulated-seal.ts";

// Cells are written a hundred times with the very same limits.
const texts = new WeakMap<object, string>();

const textOf = (value: object): string => {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = canonicalJson(value);
  texts.set(value, text);
  return text;
};

/** Whether limits are, to the letter, those that were signed. */
export const areSigned = (limits: Limits, { limits: signed }: Settings): boolean =>
  limits === signed || textOf(limits) === textOf(signed);

/** Whether a record says what was signed, under a signature that is of it. */
export const isSignedRecord = (document: unknown, settings: Settings): boolean => {
  if (typeof document !== "object" || document === null || !("policyText" in document)) {
    return false;
  }
  // Written by the product as what it says it is, or forged in its likeness.
  const signed = document as SignedPolicy;
  return (
    signed.policyText === canonicalJson(policyOf(settings)) &&
    signed.signatures.includes(signatureOf(sealedTextOf(signed)))
  );
};
