import { Stack, type StackProps } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { AccessLogBucket } from "../constructs/access-log-bucket.ts";
import { LockedBucket } from "../constructs/locked-bucket.ts";

/** What copies are encrypted with, how long they are locked, and the name others know them by. */
export type CopiesStackProps = StackProps & {
  readonly key: IKey;
  readonly lockDays: number;
  readonly bucketName: string;
};

/** Where the other Region's locked objects are copied to; deployed before anything copies. */
export class CopiesStack extends Stack {
  readonly bucket: LockedBucket;

  constructor(scope: Construct, id: string, props: CopiesStackProps) {
    super(scope, id, props);
    const { key, lockDays, bucketName } = props;
    const accessLogs = new AccessLogBucket(this, "access-logs");
    this.bucket = new LockedBucket(this, "copies", {
      key,
      accessLogs,
      lockDays,
      bucketName,
      holdsCopies: true,
    });
  }
}
