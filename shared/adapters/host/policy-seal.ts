import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { PolicySeal } from "../../ports/signed-policies.ts";

const PREFIX = "holdfast policy\n";

/** A seal of ed25519 by a private key as PEM text. Throws where it is none. */
export const createPolicySeal = (privateKeyPem: string): PolicySeal => {
  const privateKey = createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  return {
    sign: (text) => sign(null, Buffer.from(PREFIX + text), privateKey).toString("base64"),
    verify: (text, signature) =>
      verify(null, Buffer.from(PREFIX + text), publicKey, Buffer.from(signature, "base64")),
  };
};
