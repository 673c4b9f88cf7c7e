import { createHash } from "node:crypto";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { RetryableError } from "../../domain/fault.ts";
import type { Archive } from "../../ports/archive.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";
import { serviceFault } from "./service-fault.ts";

const KEYS_PER_PAGE = 1_000;
const PAGES_MAX = 100;

/** An archive in an S3 bucket; S3 itself compares each body with its SHA-256 checksum. */
export const createS3Archive = ({
  client,
  bucket,
}: {
  readonly client: S3Client;
  readonly bucket: string;
}): Archive => ({
  write: (key, body) =>
    orFault(async () => {
      checkArchiveKey(key);
      const bytes = Buffer.from(body);
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: bytes,
          ContentLength: bytes.length,
          ChecksumSHA256: createHash("sha256").update(bytes).digest("base64"),
        }),
      );
    }),
  read: (key) =>
    orFault(async () => {
      checkArchiveKey(key);
      try {
        const answer = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }),
        );
        return await answer.Body?.transformToString();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    }),
  list: (prefix, limit) => {
    return orFault(() => listKeys(client, bucket, prefix, limit));
  },
  remove: (key) =>
    orFault(async () => {
      checkArchiveKey(key);
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    }),
});

const listKeys = async (
  client: S3Client,
  bucket: string,
  prefix: string,
  limit: number,
): Promise<readonly string[]> => {
  checkArchivePrefix(prefix);
  const keys: string[] = [];
  let token: string | undefined;
  if (limit < 1) return keys;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        MaxKeys: Math.min(KEYS_PER_PAGE, limit - keys.length),
        ContinuationToken: token,
      }),
    );
    for (const { Key: key } of answer.Contents ?? []) if (key !== undefined) keys.push(key);
    token = answer.NextContinuationToken;
    if (token === undefined || keys.length >= limit) return keys;
  }
  throw new RetryableError(`A list of S3 took more than ${PAGES_MAX} pages.`);
};

const orFault = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    throw serviceFault("S3", error);
  }
};
