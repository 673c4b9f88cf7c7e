import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  type IBucket,
  type LifecycleRule,
} from "aws-cdk-lib/aws-s3";
import type { Construct, IConstruct } from "constructs";
import * as z from "zod";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import { replicateTo, type ReplicationTarget } from "./locked-replication.ts";
import { PRIVATE_BUCKET } from "./private-bucket.ts";

/** What a locked bucket needs. */
export type LockedBucketProps = {
  readonly key: IKey;
  readonly accessLogs: Bucket;
  /** Days in which nobody, the account's owner included, can remove or change a version. */
  readonly lockDays: number;
  /** Given only where another Region must know it before this one is deployed. */
  readonly bucketName?: string;
  /** Whether S3 puts objects here in the other Region's name, each with the lock it has there. */
  readonly holdsCopies?: boolean;
  /** The other Region's bucket for copies; absent where there is one Region, and on copies. */
  readonly copies?: ReplicationTarget | undefined;
};

/** What is kept: records and checkpoints of the audit, exports of tables, reports of tests. */
export type LockedFolder = "audit" | "exports" | "reports";

/** Below these a key is written once and for all: a second object under it is refused. */
const WRITE_ONCE: readonly LockedFolder[] = ["audit", "reports"];

/** Exports older than this serve nobody: a table is restored from the newest chain. */
const EXPORT_DAYS_MIN = 100;

/**
 * A bucket whose objects stay as they were written: versions are locked in compliance mode, records
 * are created and never replaced, and its policy lets no role, whatever else it may do, delete an
 * object, shorten a retention, or write a record without asking for a free key.
 */
export class LockedBucket extends Bucket {
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: LockedBucketProps) {
    const { key, accessLogs, lockDays, bucketName, copies, holdsCopies = false } = props;
    super(scope, id, {
      ...(bucketName === undefined ? {} : { bucketName }),
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      ...PRIVATE_BUCKET,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(lockDays)),
      // The class and its interface differ only in how they spell an absent policy.
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: `${id}/`,
      lifecycleRules: lifecycleOf(lockDays),
      // A bucket with a name that outlived its own first deployment's failure would stop the next
      // one.
      removalPolicy:
        bucketName === undefined ? RemovalPolicy.RETAIN : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.#key = key;
    this.#refuse("NothingIsDeleted", [
      "s3:BypassGovernanceRetention",
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      // A copy comes with its lock, and a lock in compliance mode only ever gets longer.
      ...(holdsCopies ? [] : ["s3:PutObjectLegalHold", "s3:PutObjectRetention"]),
    ]);
    this.#refuse("RecordsAreCreatedOnce", ["s3:PutObject"], WRITE_ONCE, {
      Null: { "s3:if-none-match": "true" },
      // The parts of an object in parts have no such header; the request that joins them has.
      Bool: { "s3:ObjectCreationOperation": "true" },
    });
    if (copies !== undefined) replicateTo(this, key, copies);
  }

  /** Lets a function read and list what stands below a folder, and to keep, also add to it. */
  grantFolder(grantee: IGrantable & IConstruct, folder: LockedFolder, use: "read" | "keep"): void {
    const stack = Stack.of(this);
    const arn = stack.exportValue(this.bucketArn);
    const objects = `${arn}/${folder}/*`;
    const isKept = use === "keep";
    allow(grantee, ["s3:GetObject", ...(isKept ? ["s3:PutObject"] : [])], [objects]);
    // DynamoDB asks both of whoever has it export, although no object here has a list of its own.
    if (isKept && folder === "exports") {
      allow(grantee, ["s3:AbortMultipartUpload", "s3:PutObjectAcl"], [objects]);
    }
    allow(grantee, ["s3:ListBucket"], [arn]);
    const keyActions = ["kms:Decrypt", ...(isKept ? ["kms:GenerateDataKey"] : [])];
    allow(grantee, keyActions, [this.#key.keyArn]);
    // cdk-nag names the finding by the export alone, our own rule by the whole expression.
    const { "Fn::ImportValue": name } = ImportedValue.parse(stack.resolve(arn));
    for (const resource of [`${name}/${folder}/*`, JSON.stringify(stack.resolve(objects))]) {
      acknowledge(grantee, `AwsSolutions-IAM5[Resource::${resource}]`, REASONS[folder]);
    }
  }

  #refuse(
    sid: string,
    actions: string[],
    folders: readonly LockedFolder[] = [],
    conditions: Readonly<Record<string, unknown>> = {},
  ): void {
    const objects = folders.map((folder) => this.arnForObjects(`${folder}/*`));
    this.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: objects.length === 0 ? [this.arnForObjects("*")] : objects,
        conditions,
      }),
    );
  }
}

/** Records stay for ever; exports go when no restore could want them and the lock has ended. */
const lifecycleOf = (lockDays: number): LifecycleRule[] => [
  { id: "end-half-written", abortIncompleteMultipartUploadAfter: Duration.days(1) },
  {
    id: "forget-old-exports",
    prefix: "exports/",
    expiration: Duration.days(Math.max(lockDays, EXPORT_DAYS_MIN)),
    noncurrentVersionExpiration: Duration.days(1),
  },
];

/** Why a function may write or read below a folder, whatever the key. */
const REASONS: Readonly<Record<LockedFolder, string>> = {
  audit: "Each record of the audit has a key of its own, named by its number.",
  exports: "Each export has a folder of its own, named by its moment.",
  reports: "Each report has a key of its own, named by its moment.",
};

const ImportedValue = z.object({ "Fn::ImportValue": z.string() });
