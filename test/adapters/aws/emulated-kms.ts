import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { signDigest } from "./sign-digest.ts";

/** A KMS with one key, which signs for anybody: who may is its policy's business. */
export type EmulatedKms = {
  readonly settings: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** The operations that were asked for, in their order. */
  readonly operations: () => readonly string[];
  readonly requests: () => readonly unknown[];
  readonly close: () => Promise<void>;
};

const DIGEST_BYTES = 32;

/** Starts one on a port of its own. */
export const startKms = async (region = "us-east-2"): Promise<EmulatedKms> => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const asked: { readonly operation: string; readonly request: unknown }[] = [];
  const answer = (operation: string, request: Record<string, unknown>): object => {
    if (operation === "GetPublicKey") {
      const PublicKey = publicKey.export({ type: "spki", format: "der" }).toString("base64");
      return {
        KeyId: request["KeyId"],
        KeySpec: "ECC_NIST_P256",
        KeyUsage: "SIGN_VERIFY",
        PublicKey,
      };
    }
    const digest = Buffer.from(String(request["Message"]), "base64");
    if (digest.length !== DIGEST_BYTES) throw new Error("A digest has 32 bytes.");
    return {
      KeyId: request["KeyId"],
      Signature: signDigest(digest, privateKey).toString("base64"),
    };
  };
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const operation = String(incoming.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const request = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      asked.push({ operation, request });
      outgoing.end(JSON.stringify(answer(operation, request)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It has a port.");
  return {
    settings: {
      region,
      endpoint: `http://127.0.0.1:${address.port}`,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    },
    operations: () => asked.map(({ operation }) => operation),
    requests: () => asked.map(({ request }) => request),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
