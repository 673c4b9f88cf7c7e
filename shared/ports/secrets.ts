import type { Result } from "../domain/result.ts";

/** A secret that could not be read; the name is safe to log, the value never is. */
export type SecretUnavailable = {
  readonly type: "SecretUnavailable";
  readonly name: string;
  readonly detail: string;
};

/** Credentials by name, fetched once and kept in memory only. */
export type Secrets = {
  readonly read: (name: string) => Promise<Result<string, SecretUnavailable>>;
};
