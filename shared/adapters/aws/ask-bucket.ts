import { createHash } from "node:crypto";
import { RetryableError } from "../../domain/fault.ts";
import type { Clock } from "../../ports/clock.ts";
import { hostEnvironment } from "../host/environment.ts";
import type { HttpAnswer, HttpClient } from "../http/http-client.ts";
import type { AwsSettings } from "./clients.ts";
import { type AwsCredentials, signRequest } from "./thin/sign-request.ts";

const TIMEOUT_MS = 5_000;
/** A data file of an export can be a hundred megabytes, over an operator's own line. */
const BYTES_TIMEOUT_MS = 60_000;
const ATTEMPTS_MAX = 2;

/** Where the bucket is, and what speaks to it. */
export type BucketOptions = AwsSettings & {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly bucket: string;
};

/** One request to a bucket. */
export type BucketRequest = {
  readonly method: "GET" | "PUT" | "DELETE";
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  /** A PUT that does nothing where the key is taken: its answer is then 412. */
  readonly isOnce?: boolean;
  /** The answer's body is no text. */
  readonly wantsBytes?: boolean;
};

/**
 * The answer of a request that was fulfilled, that named nothing (404 to a GET), or that found its
 * key taken (412 to a PUT that is made once). Throws `RetryableError`.
 */
export const askBucket = async (
  { http, clock, bucket, ...settings }: BucketOptions,
  request: BucketRequest,
): Promise<HttpAnswer> => {
  const { method, key, query, body, isOnce = false, wantsBytes = false } = request;
  const url = addressOf(settings, bucket, key);
  url.search = new URLSearchParams(query).toString();
  const isWriting = method === "PUT";
  const unsigned = {
    "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"),
    ...(isWriting
      ? {
          "content-type": "application/json",
          "x-amz-checksum-sha256": createHash("sha256").update(body).digest("base64"),
        }
      : {}),
    ...(isOnce ? { "if-none-match": "*" } : {}),
  };
  const credentials = settings.credentials ?? environmentCredentials();
  let last = "";
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const headers = signRequest(
      { method, service: "s3", region: settings.region, url, headers: unsigned, body },
      credentials,
      clock.nowMs(),
    );
    const timeoutMs = wantsBytes ? BYTES_TIMEOUT_MS : TIMEOUT_MS;
    const sent = { method, url: url.href, headers, timeoutMs, wantsBytes };
    const answer = await http.send(isWriting ? { ...sent, body } : sent);
    if (answer.type === "answer" && isFulfilled(answer.status, request)) return answer;
    last = answer.type === "answer" ? `status ${answer.status}` : answer.type;
  }
  throw new RetryableError(`The bucket did not answer a ${method}: ${last}.`);
};

const isFulfilled = (status: number, { method, key, isOnce }: BucketRequest): boolean =>
  status === 200 ||
  status === 204 ||
  (status === 404 && method === "GET" && key !== "") ||
  (status === 412 && isOnce === true);

const addressOf = ({ region, endpoint }: AwsSettings, bucket: string, key: string): URL => {
  const path = key.split("/").map(encodeURIComponent).join("/");
  return new URL(
    endpoint === undefined
      ? `https://${bucket}.s3.${region}.amazonaws.com/${path}`
      : `${endpoint}/${bucket}/${path}`,
  );
};

/** The keys of a list's answer. A key of ours has no letter that XML would write in another way. */
export const keysOf = (xml: string): readonly string[] =>
  [...xml.matchAll(/<Key>(?<key>[^<]*)<\/Key>/g)].map(({ groups }) => groups?.["key"] ?? "");

const environmentCredentials = (): AwsCredentials => {
  const environment = hostEnvironment();
  return {
    accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    sessionToken: environment["AWS_SESSION_TOKEN"],
  };
};
