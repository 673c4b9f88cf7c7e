import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { PRIVATE_BUCKET } from "./private-bucket.ts";

/** Who read or wrote the other buckets, for a year. */
export class AccessLogBucket extends Bucket {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      // S3 delivers access logs only to buckets with its own keys.
      encryption: BucketEncryption.S3_MANAGED,
      ...PRIVATE_BUCKET,
      lifecycleRules: [
        {
          id: "forget-after-a-year",
          expiration: Duration.days(365),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this,
      "AwsSolutions-S1",
      "This bucket receives the access logs; logging its own access would never end.",
    );
    acknowledge(
      this,
      "Holdfast-ResourceWildcard",
      "S3's log delivery names its objects itself; it may only write below one prefix.",
    );
  }
}
