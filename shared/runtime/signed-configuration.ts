import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import * as z from "zod";
import { canonicalJson } from "../domain/canonical-json.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { Configuration } from "./configuration-schema.ts";

/** Why a configuration is not taken for signed, in one sentence. */
export type SignatureRefused = { readonly type: "SignatureRefused"; readonly sentence: string };

const SignatureFile = z.strictObject({
  algorithm: z.literal("ed25519"),
  /** Base64 of 64 bytes. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
});

/** A new pair of keys as PEM text: who holds the private one decides what may trade. */
export const createSigningKeys = (): {
  readonly privateKey: string;
  readonly publicKey: string;
} => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
};

/**
 * Signs the configuration's meaning, not its text: comments, order and spelt-out defaults are free.
 */
export const signConfiguration = (
  configuration: Configuration,
  privateKey: string,
): Result<string, SignatureRefused> => {
  try {
    const key = createPrivateKey(privateKey);
    if (key.asymmetricKeyType !== "ed25519")
      return refused("The private key is not one of ed25519.");
    const signature = sign(null, meaningOf(configuration), key).toString("base64");
    return ok(`${JSON.stringify({ algorithm: "ed25519", signature })}\n`);
  } catch {
    return refused("The private key cannot be read as PEM.");
  }
};

/** Whether `signature`, the text of its file, is of exactly this configuration by this key. */
export const verifyConfiguration = (
  configuration: Configuration,
  signature: string,
  publicKey: string,
): Result<void, SignatureRefused> => {
  const parsed = SignatureFile.safeParse(parseJson(signature));
  if (!parsed.success) return refused("The signature's file does not hold a signature.");
  try {
    const key = createPublicKey(publicKey);
    if (key.asymmetricKeyType !== "ed25519")
      return refused("The public key is not one of ed25519.");
    const bytes = Buffer.from(parsed.data.signature, "base64");
    return verify(null, meaningOf(configuration), key, bytes)
      ? ok(undefined)
      : refused("The configuration is not the one that was signed, or another key signed it.");
  } catch {
    return refused("The public key cannot be read as PEM.");
  }
};

const meaningOf = (configuration: Configuration): Buffer =>
  Buffer.from(`holdfast configuration\n${canonicalJson(configuration)}`);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const refused = (sentence: string): Result<never, SignatureRefused> =>
  err({ type: "SignatureRefused", sentence });
