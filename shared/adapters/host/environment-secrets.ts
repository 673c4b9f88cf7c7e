import { err, ok } from "../../domain/result.ts";
import type { Secrets } from "../../ports/secrets.ts";

/** Secrets from a record by name, such as one made of environment variables. Empty is absent. */
export const createEnvironmentSecrets = (
  values: Readonly<Record<string, string | undefined>>,
): Secrets => ({
  read: async (name) => {
    const value = values[name];
    return value === undefined || value === ""
      ? err({ type: "SecretUnavailable", name, detail: "It is not set." })
      : ok(value);
  },
});
