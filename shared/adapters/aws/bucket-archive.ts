import { createHash } from "node:crypto";
import { RetryableError } from "../../domain/fault.ts";
import type { Archive } from "../../ports/archive.ts";
import type { Clock } from "../../ports/clock.ts";
import { hostEnvironment } from "../host/environment.ts";
import type { HttpAnswer, HttpClient } from "../http/http-client.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";
import type { AwsSettings } from "./clients.ts";
import { type AwsCredentials, signRequest } from "./thin/sign-request.ts";

const TIMEOUT_MS = 5_000;
const ATTEMPTS_MAX = 2;
const KEYS_PER_PAGE = 1_000;

/** Where the bucket is, and what speaks to it. */
export type BucketArchiveOptions = AwsSettings & {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly bucket: string;
};

/**
 * An archive in an S3 bucket, by signed requests in place of a client that would be larger than
 * the functions that use it. S3 compares each body with its checksum. One list reads one page: at
 * most 1,000 keys. Throws `RetryableError`.
 */
export const createBucketArchive = (options: BucketArchiveOptions): Archive => {
  const ask = (request: BucketRequest): Promise<HttpAnswer> => askBucket(options, request);
  return {
    write: async (key, body) => {
      checkArchiveKey(key);
      await ask({ method: "PUT", key, query: {}, body });
    },
    read: async (key) => {
      checkArchiveKey(key);
      const answer = await ask({ method: "GET", key, query: {}, body: "" });
      return answer.status === 404 ? undefined : answer.body;
    },
    list: async (prefix, limit) => {
      checkArchivePrefix(prefix);
      if (limit < 1) return [];
      const keys = Math.min(limit, KEYS_PER_PAGE).toString();
      const query = { "list-type": "2", "max-keys": keys, prefix };
      return keysOf((await ask({ method: "GET", key: "", query, body: "" })).body);
    },
    remove: async (key) => {
      checkArchiveKey(key);
      await ask({ method: "DELETE", key, query: {}, body: "" });
    },
  };
};

type BucketRequest = {
  readonly method: "GET" | "PUT" | "DELETE";
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
};

/** The answer of a request that was fulfilled, or that named nothing (404 to a GET). */
const askBucket = async (
  { http, clock, bucket, ...settings }: BucketArchiveOptions,
  { method, key, query, body }: BucketRequest,
): Promise<HttpAnswer> => {
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
  };
  const credentials = settings.credentials ?? environmentCredentials();
  let last = "";
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const headers = signRequest(
      { method, service: "s3", region: settings.region, url, headers: unsigned, body },
      credentials,
      clock.nowMs(),
    );
    const timeoutMs = TIMEOUT_MS;
    const sent = { method, url: url.href, headers, timeoutMs };
    const answer = await http.send(isWriting ? { ...sent, body } : sent);
    if (answer.type === "answer" && isFulfilled(answer.status, method, key)) return answer;
    last = answer.type === "answer" ? `status ${answer.status}` : answer.type;
  }
  throw new RetryableError(`The bucket did not answer a ${method}: ${last}.`);
};

const isFulfilled = (status: number, method: BucketRequest["method"], key: string): boolean =>
  status === 200 || status === 204 || (status === 404 && method === "GET" && key !== "");

const addressOf = ({ region, endpoint }: AwsSettings, bucket: string, key: string): URL => {
  const path = key.split("/").map(encodeURIComponent).join("/");
  return new URL(
    endpoint === undefined
      ? `https://${bucket}.s3.${region}.amazonaws.com/${path}`
      : `${endpoint}/${bucket}/${path}`,
  );
};

/** A key of ours has no letter that XML would write in another way. */
const keysOf = (xml: string): readonly string[] =>
  [...xml.matchAll(/<Key>(?<key>[^<]*)<\/Key>/g)].map(({ groups }) => groups?.["key"] ?? "");

const environmentCredentials = (): AwsCredentials => {
  const environment = hostEnvironment();
  return {
    accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    sessionToken: environment["AWS_SESSION_TOKEN"],
  };
};
