import { createHash, createHmac } from "node:crypto";

/** The keys that a request is signed with; a function has them in its environment. */
export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

/** A request; the JSON and query protocols send each as a POST to the root, without a query. */
export type UnsignedRequest = {
  readonly method?: "DELETE" | "GET" | "POST" | "PUT";
  readonly service: string;
  readonly region: string;
  readonly url: URL;
  /** Names in lower case; every one of them is signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Returns the headers with AWS Signature Version 4 at `nowMs`. */
export const signRequest = (
  request: UnsignedRequest,
  credentials: AwsCredentials,
  nowMs: number,
): Readonly<Record<string, string>> => {
  const { method = "POST", service, region, url, body } = request;
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const date = time.slice(0, 8);
  const headers: Readonly<Record<string, string>> = {
    ...request.headers,
    host: url.host,
    "x-amz-date": time,
    ...(credentials.sessionToken === undefined
      ? {}
      : { "x-amz-security-token": credentials.sessionToken }),
  };
  const names = Object.keys(headers).toSorted();
  const signedHeaders = names.join(";");
  const canonicalHeaders = names
    .map((name) => `${name}:${(headers[name] ?? "").trim()}\n`)
    .join("");
  const lines = [method, url.pathname, queryOf(url), canonicalHeaders, signedHeaders, sha256(body)];
  const canonical = lines.join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
    `SignedHeaders=${signedHeaders}, Signature=${hmac(key, text).toString("hex")}`;
  return { ...headers, authorization };
};

/** Sorted by name; whatever is not a letter, a digit or `-_.~` is escaped. */
const queryOf = (url: URL): string =>
  [...url.searchParams]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();
