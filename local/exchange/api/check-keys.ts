import { alpacaError, type ApiRequest, type RouteAnswer } from "./api.ts";

/** The keys that a client must show. */
export type ExchangeCredentials = {
  readonly alpacaKeyId: string;
  readonly alpacaSecretKey: string;
  readonly unusualWhalesToken: string;
};

/** Alpaca's answer to who shows no keys (401) or the wrong ones (403); `undefined` if right. */
export const checkAlpacaKeys = (
  { headers }: ApiRequest,
  { alpacaKeyId, alpacaSecretKey }: ExchangeCredentials,
): RouteAnswer | undefined => {
  const keyId = headers["apca-api-key-id"];
  const secretKey = headers["apca-api-secret-key"];
  if (keyId === undefined || secretKey === undefined) {
    return alpacaError(401, 40110000, "request is not authorized");
  }
  const isRight = keyId === alpacaKeyId && secretKey === alpacaSecretKey;
  return isRight ? undefined : { status: 403, body: { message: "forbidden." } };
};

/** Unusual Whales' answer to who shows no token or the wrong one; `undefined` if right. */
export const checkBearer = (
  { headers }: ApiRequest,
  { unusualWhalesToken }: ExchangeCredentials,
): RouteAnswer | undefined =>
  headers["authorization"] === `Bearer ${unusualWhalesToken}`
    ? undefined
    : { status: 401, body: { msg: "The API token is missing or wrong." } };
