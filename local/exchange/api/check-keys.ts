import { alpacaError, type ApiRequest, type RouteAnswer } from "./api.ts";
import { polygonError } from "./vendor-errors.ts";

/** The keys that a client must show. */
export type ExchangeCredentials = {
  readonly alpacaKeyId: string;
  readonly alpacaSecretKey: string;
  readonly unusualWhalesToken: string;
  readonly polygonKey: string;
  readonly tiingoToken: string;
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

/** Polygon's answer to who shows no key, in a header or in the address, or the wrong one. */
export const checkPolygonKey = (
  { headers, query }: ApiRequest,
  { polygonKey }: ExchangeCredentials,
): RouteAnswer | undefined =>
  headers["authorization"] === `Bearer ${polygonKey}` || query.get("apiKey") === polygonKey
    ? undefined
    : polygonError(401, "ERROR", "Unknown API Key");

/** Tiingo's answer to who shows no token or the wrong one; `undefined` if right. */
export const checkTiingoToken = (
  { headers }: ApiRequest,
  { tiingoToken }: ExchangeCredentials,
): RouteAnswer | undefined =>
  headers["authorization"] === `Token ${tiingoToken}`
    ? undefined
    : { status: 401, body: { detail: "Invalid token." } };
