import { createHash, generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { createKmsClient } from "../../../shared/adapters/aws/clients.ts";
import { createKmsSeal, createKmsSigner } from "../../../shared/adapters/aws/policy-seal.ts";
import { RetryableError, TerminalError } from "../../../shared/domain/fault.ts";
import { startKms, type EmulatedKms } from "./emulated-kms.ts";
import { startScriptedService, type Step } from "./scripted-service.ts";

const keyId = "alias/holdfast-paper-policy";
const services: EmulatedKms[] = [];

const kms = async (): Promise<EmulatedKms> => {
  const service = await startKms();
  services.push(service);
  return service;
};

afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

const verifyWith = async (...steps: readonly Step[]): Promise<boolean> => {
  const service = await startScriptedService(steps);
  const client = createKmsClient(service.settings);
  try {
    return await createKmsSeal({ client, keyId }).verify("text", "c2ln");
  } finally {
    client.destroy();
  }
};

describe("a policy's seal by KMS", () => {
  it("verifies what it signed and nothing else, and asks for its public key once", async () => {
    const service = await kms();
    const client = createKmsClient(service.settings);
    const key = { client, keyId };
    const signature = await createKmsSigner(key).sign("the policy");
    const seal = createKmsSeal(key);
    expect(await seal.verify("the policy", signature)).toBe(true);
    expect(await seal.verify("the policy ", signature)).toBe(false);
    expect(await seal.verify("the policy", "bm90aGluZw==")).toBe(false);
    const other = createKmsSeal({ client: createKmsClient((await kms()).settings), keyId });
    expect(await other.verify("the policy", signature)).toBe(false);
    expect(service.operations()).toEqual(["Sign", "GetPublicKey"]);
    client.destroy();
  });

  it("sends a digest alone, however long the policy is", async () => {
    const service = await kms();
    const client = createKmsClient(service.settings);
    await createKmsSigner({ client, keyId }).sign("x".repeat(100_000));
    const [request] = service.requests();
    const digest = createHash("sha256").update(`holdfast policy\n${"x".repeat(100_000)}`);
    expect(request).toEqual({
      KeyId: keyId,
      Message: digest.digest("base64"),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    });
    client.destroy();
  });

  it("knows nothing without its key, and takes no other kind of key", async () => {
    const wrong = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const PublicKey = wrong.publicKey.export({ type: "spki", format: "der" }).toString("base64");
    await expect(verifyWith("cut", "cut")).rejects.toThrow(RetryableError);
    const body = { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY", PublicKey };
    await expect(verifyWith({ status: 200, body })).rejects.toThrow(TerminalError);
  });
});
