import { RetryableError } from "../../domain/fault.ts";
import type { LockedStore } from "../../ports/locked-store.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";
import { askBucket, type BucketOptions, keysOf } from "./ask-bucket.ts";

const KEYS_PER_PAGE = 1_000;
const TAKEN = 412;

/**
 * A locked store in an S3 bucket, whose policy takes nothing but conditional writes: each says
 * `If-None-Match: *`. An answer that was lost and asked for again finds its own object there.
 */
export const createBucketLockedStore = (options: BucketOptions): LockedStore => {
  const read = async (key: string): Promise<string | undefined> => {
    checkArchiveKey(key);
    const answer = await askBucket(options, { method: "GET", key, query: {}, body: "" });
    return answer.status === 404 ? undefined : answer.body;
  };
  return {
    create: async (key, body) => {
      checkArchiveKey(key);
      const put = { method: "PUT", key, query: {}, body, isOnce: true } as const;
      const answer = await askBucket(options, put);
      if (answer.status !== TAKEN) return { type: "created" };
      const standing = await read(key);
      if (standing !== undefined) return { type: "exists", body: standing };
      throw new RetryableError("A locked key is taken, but what stands there was not found.");
    },
    read,
    list: async (prefix, after, limit) => {
      checkArchivePrefix(prefix);
      if (limit < 1) return [];
      const query = {
        "list-type": "2",
        "max-keys": Math.min(limit, KEYS_PER_PAGE).toString(),
        prefix,
        ...(after === undefined ? {} : { "start-after": after }),
      };
      return keysOf((await askBucket(options, { method: "GET", key: "", query, body: "" })).body);
    },
  };
};
