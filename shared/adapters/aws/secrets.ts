import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Secrets, SecretUnavailable } from "../../ports/secrets.ts";
import { errorName } from "./service-fault.ts";

/** Which secret stands behind each name that Holdfast uses. */
export type SecretsManagerOptions = {
  readonly client: SecretsManagerClient;
  /** ARNs by name. */
  readonly names: Readonly<Record<string, string>>;
};

/** Secrets from Secrets Manager, each fetched once per cold start; failures are tried again. */
export const createSecretsManagerSecrets = ({ client, names }: SecretsManagerOptions): Secrets => {
  const fetched = new Map<string, string>();
  return {
    read: async (name) => {
      const known = fetched.get(name);
      if (known !== undefined) return ok(known);
      const arn = names[name];
      if (arn === undefined) return unavailable(name, "No secret is configured under this name.");
      try {
        const { SecretString: value } = await client.send(
          new GetSecretValueCommand({ SecretId: arn }),
        );
        if (value === undefined) return unavailable(name, "The secret holds no text.");
        fetched.set(name, value);
        return ok(value);
      } catch (error) {
        return unavailable(name, `Secrets Manager did not answer: ${errorName(error)}.`);
      }
    },
  };
};

const unavailable = (name: string, detail: string): Result<never, SecretUnavailable> =>
  err({ type: "SecretUnavailable", name, detail });
