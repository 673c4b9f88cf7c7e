import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Bucket, BucketEncryption, StorageClass, type IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct, IConstruct } from "constructs";
import * as z from "zod";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import { PRIVATE_BUCKET } from "./private-bucket.ts";

/** What the archive is encrypted with, and where its access is logged. */
export type ArchiveBucketProps = { readonly key: IKey; readonly accessLogs: Bucket };

/**
 * Ticks, decisions, corrupt state kept aside, exports: versioned, and made with Object Lock, which
 * cannot be added later, so that a retention can be set without moving a byte.
 */
export class ArchiveBucket extends Bucket {
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { key, accessLogs }: ArchiveBucketProps) {
    super(scope, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      ...PRIVATE_BUCKET,
      objectLockEnabled: true,
      // The class and its interface differ only in how they spell an absent policy.
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: "archive/",
      lifecycleRules: [
        {
          id: "colder-with-age",
          transitions: [
            { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
            {
              storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
              transitionAfter: Duration.days(90),
            },
          ],
          noncurrentVersionExpiration: Duration.days(365),
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        {
          id: "forget-bodies-with-their-messages",
          prefix: "messages/",
          // No queue keeps a message longer.
          expiration: Duration.days(15),
          noncurrentVersionExpiration: Duration.days(1),
        },
        {
          id: "forget-what-was-recovered",
          prefix: "buffer/",
          noncurrentVersionExpiration: Duration.days(14),
          // The folder is listed every minute; a marker of each object that was there slows that.
          expiredObjectDeleteMarker: true,
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#key = key;
  }

  /** Lets a function keep aside what is damaged, and neither read nor write anything else. */
  grantKeepAside(grantee: IGrantable & IConstruct): void {
    this.#grant(grantee, "corrupt", ["s3:PutObject"]);
  }

  /** Lets a function keep what queues gave up, and store what was buffered. */
  grantKeepLetters(grantee: IGrantable & IConstruct): void {
    this.#grant(grantee, "dead-letters", ["s3:PutObject"]);
    this.#grant(grantee, "buffer", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
    const stack = Stack.of(this);
    allow(grantee, ["s3:ListBucket"], [stack.exportValue(this.bucketArn)]);
  }

  /** Lets a function keep what its store or its queue does not take. */
  grantBuffer(grantee: IGrantable & IConstruct): void {
    this.#grant(grantee, "buffer", ["s3:PutObject"]);
    this.#grant(grantee, "messages", ["s3:PutObject"]);
  }

  /** Lets a function read the bodies that were too large for its queue. */
  grantBodies(grantee: IGrantable & IConstruct): void {
    this.#grant(grantee, "messages", ["s3:GetObject"]);
  }

  /** Lets a function read what drills came to. */
  grantReports(grantee: IGrantable & IConstruct): void {
    this.#grant(grantee, "drills", ["s3:GetObject"]);
    allow(grantee, ["s3:ListBucket"], [Stack.of(this).exportValue(this.bucketArn)]);
  }

  /** Lets a function keep what a drill began and what it came to. */
  grantKeepDrills(grantee: IGrantable & IConstruct): void {
    this.#grant(grantee, "drills", ["s3:GetObject", "s3:PutObject"]);
    allow(grantee, ["s3:ListBucket"], [Stack.of(this).exportValue(this.bucketArn)]);
  }

  #grant(grantee: IGrantable & IConstruct, folder: Folder, actions: readonly string[]): void {
    const stack = Stack.of(this);
    const arn = stack.exportValue(this.bucketArn);
    const objects = `${arn}/${folder}/*`;
    allow(grantee, actions, [objects]);
    const isWriting = actions.includes("s3:PutObject");
    const isReading = actions.includes("s3:GetObject");
    if (isWriting) allow(grantee, ["kms:GenerateDataKey"], [this.#key.keyArn]);
    if (isReading) allow(grantee, ["kms:Decrypt"], [this.#key.keyArn]);
    // cdk-nag names the finding by the export alone, our own rule by the whole expression.
    const { "Fn::ImportValue": name } = ImportedValue.parse(stack.resolve(arn));
    for (const resource of [`${name}/${folder}/*`, JSON.stringify(stack.resolve(objects))]) {
      acknowledge(grantee, `AwsSolutions-IAM5[Resource::${resource}]`, REASONS[folder]);
    }
  }
}

/** Why a function may write or read below a folder, whatever the key. */
const REASONS = {
  corrupt: "Each damaged cell is kept under a key of its own, named after its moment.",
  "dead-letters": "Each letter that is given up is kept under a key of its own, named by its id.",
  buffer: "What its store does not take is buffered under a key of its own, named by its minute.",
  drills: "Each drill keeps its manifest and its report under keys of their own.",
  messages: "Each body that is too large for a queue is kept under its own checksum.",
} as const;

type Folder = keyof typeof REASONS;

const ImportedValue = z.object({ "Fn::ImportValue": z.string() });
