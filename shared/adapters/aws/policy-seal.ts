import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import * as z from "zod";
import { TerminalError } from "../../domain/fault.ts";
import type { PolicySeal, PolicySigner } from "../../ports/signed-policies.ts";
import { POLICY_PREFIX } from "../host/policy-seal.ts";
import { serviceFault } from "./service-fault.ts";
import { GetPublicKeyCommand, type KmsClient, SignCommand } from "./thin/kms.ts";

/** An asymmetric key of KMS for signatures, ECC_NIST_P256, by its ARN or alias. */
export type KmsKey = { readonly client: KmsClient; readonly keyId: string };

const PublicKey = z.looseObject({
  KeySpec: z.literal("ECC_NIST_P256"),
  KeyUsage: z.literal("SIGN_VERIFY"),
  /** DER of a SubjectPublicKeyInfo, base64. */
  PublicKey: z.base64().min(1),
});
const Signature = z.looseObject({ Signature: z.base64().min(1) });

/**
 * Verifies by the key's public half, which is fetched once and kept for as long as the environment
 * lives: no signature is checked over the network. Throws `RetryableError` while it was never read.
 */
export const createKmsSeal = ({ client, keyId }: KmsKey): PolicySeal => {
  let publicKey: KeyObject | undefined;
  return {
    verify: async (text, signature) => {
      publicKey ??= await fetchPublicKey({ client, keyId });
      const bytes = Buffer.from(signature, "base64");
      return verify("sha256", Buffer.from(POLICY_PREFIX + text), publicKey, bytes);
    },
  };
};

/** Signs by KMS, which asks the key's policy who may. Throws `RetryableError`, `TerminalError`. */
export const createKmsSigner = ({ client, keyId }: KmsKey): PolicySigner => ({
  sign: async (text) => {
    const digest = createHash("sha256")
      .update(POLICY_PREFIX + text)
      .digest("base64");
    const request = { KeyId: keyId, Message: digest, MessageType: "DIGEST" };
    const answer = await ask(
      client,
      new SignCommand({ ...request, SigningAlgorithm: "ECDSA_SHA_256" }),
    );
    const parsed = Signature.safeParse(answer);
    if (!parsed.success) throw new TerminalError("KMS answered without a signature.");
    return parsed.data.Signature;
  },
});

const fetchPublicKey = async ({ client, keyId }: KmsKey): Promise<KeyObject> => {
  const parsed = PublicKey.safeParse(await ask(client, new GetPublicKeyCommand({ KeyId: keyId })));
  if (!parsed.success) throw new TerminalError("The policy's key is not one for its signatures.");
  const key = Buffer.from(parsed.data.PublicKey, "base64");
  return createPublicKey({ key, format: "der", type: "spki" });
};

const ask = async (
  client: KmsClient,
  command: Parameters<KmsClient["send"]>[0],
): Promise<object> => {
  try {
    return await client.send(command);
  } catch (error) {
    throw serviceFault("KMS", error);
  }
};
