import { RetryableError } from "../../domain/fault.ts";
import type { BackupFiles } from "../../ports/backup-files.ts";
import { askBucket, type BucketOptions, keysOf } from "./ask-bucket.ts";

const KEYS_PER_PAGE = 1_000;
const PAGES_MAX = 50;
const HTTP_NO_FILE = 404;
const HTTP_CONDITION_FAILED = 412;

/**
 * Files of backups in an S3 bucket, by signed requests. A file is written only under a free key:
 * S3 itself refuses the second one. What is written here is text; DynamoDB writes the rest.
 */
export const createBucketBackupFiles = (options: BucketOptions): BackupFiles => ({
  write: async (key, body) => {
    const answer = await askBucket(options, {
      method: "PUT",
      key,
      query: {},
      body: Buffer.from(body).toString("utf8"),
      isOnce: true,
    });
    return answer.status !== HTTP_CONDITION_FAILED;
  },
  read: async (key) => {
    const request = { method: "GET", key, query: {}, body: "", wantsBytes: true } as const;
    const answer = await askBucket(options, request);
    return answer.status === HTTP_NO_FILE ? undefined : (answer.bytes ?? new Uint8Array());
  },
  list: async (prefix, limit) => {
    const keys: string[] = [];
    for (let page = 0; page < PAGES_MAX; page++) {
      const size = Math.min(limit - keys.length, KEYS_PER_PAGE);
      if (size < 1) return keys;
      // Keys come sorted: the next page begins behind the last key.
      const after = keys.at(-1);
      const query = {
        "list-type": "2",
        "max-keys": size.toString(),
        prefix,
        ...(after === undefined ? {} : { "start-after": after }),
      };
      const { body } = await askBucket(options, { method: "GET", key: "", query, body: "" });
      const listed = keysOf(body);
      keys.push(...listed);
      if (listed.length < size) return keys;
    }
    throw new RetryableError(`A list of the bucket took more than ${PAGES_MAX} pages.`);
  },
});
