import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { PolicySeal, PolicySigner } from "../../ports/signed-policies.ts";

/** What is signed begins so: no signature of anything else can be taken for one of a policy. */
export const POLICY_PREFIX = "holdfast policy\n";

/** A seal of ed25519 by a private key as PEM text, which signs too. Throws where it is none. */
export const createPolicySeal = (privateKeyPem: string): PolicySeal & PolicySigner => {
  const privateKey = createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  return {
    sign: async (text) => sign(null, bytesOf(text), privateKey).toString("base64"),
    verify: async (text, signature) =>
      verify(null, bytesOf(text), publicKey, Buffer.from(signature, "base64")),
  };
};

const bytesOf = (text: string): Buffer => Buffer.from(POLICY_PREFIX + text);
