import type { Archive } from "../../ports/archive.ts";
import type { HttpAnswer } from "../http/http-client.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";
import { askBucket, type BucketOptions, type BucketRequest, keysOf } from "./ask-bucket.ts";

const KEYS_PER_PAGE = 1_000;

/**
 * An archive in an S3 bucket, by signed requests in place of a client that would be larger than
 * the functions that use it. S3 compares each body with its checksum. One list reads one page: at
 * most 1,000 keys. Throws `RetryableError`.
 */
export const createBucketArchive = (options: BucketOptions): Archive => {
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
