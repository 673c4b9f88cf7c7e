import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  StorageClass,
  type IBucket,
} from "aws-cdk-lib/aws-s3";
import type { Construct, IConstruct } from "constructs";
import * as z from "zod";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";

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
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
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
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#key = key;
  }

  /** Lets a function keep aside what is damaged, and neither read nor write anything else. */
  grantKeepAside(grantee: IGrantable & IConstruct): void {
    const stack = Stack.of(this);
    const arn = stack.exportValue(this.bucketArn);
    const objects = `${arn}/corrupt/*`;
    allow(grantee, ["s3:PutObject"], [objects]);
    allow(grantee, ["kms:GenerateDataKey"], [this.#key.keyArn]);
    const reason = "Each damaged cell is kept under a key of its own, named after its moment.";
    // cdk-nag names the finding by the export alone, our own rule by the whole expression.
    const { "Fn::ImportValue": name } = ImportedValue.parse(stack.resolve(arn));
    for (const resource of [`${name}/corrupt/*`, JSON.stringify(stack.resolve(objects))]) {
      acknowledge(grantee, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
    }
  }
}

const ImportedValue = z.object({ "Fn::ImportValue": z.string() });
