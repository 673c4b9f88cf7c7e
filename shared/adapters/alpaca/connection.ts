import type { Clock } from "../../ports/clock.ts";
import type { HttpClient } from "../http/http-client.ts";

/** The key that Alpaca gave an account; both parts stay out of every message. */
export type AlpacaCredentials = { readonly keyId: string; readonly secretKey: string };

/** What an adapter needs to talk to one of Alpaca's hosts. */
export type AlpacaConnection = {
  readonly http: HttpClient;
  /** Without a slash at its end: `https://paper-api.alpaca.markets`. */
  readonly baseUrl: string;
  readonly credentials: AlpacaCredentials;
  readonly clock: Clock;
};

/** The headers that name the account. */
export const credentialHeaders = (
  credentials: AlpacaCredentials,
): Readonly<Record<string, string>> => ({
  "apca-api-key-id": credentials.keyId,
  "apca-api-secret-key": credentials.secretKey,
  accept: "application/json",
});

/** What may never be in a message, should the vendor repeat it. */
export const secretsOf = ({ keyId, secretKey }: AlpacaCredentials): readonly string[] => [
  keyId,
  secretKey,
];
