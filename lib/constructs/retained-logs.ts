import { RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

/** A log group that keeps three months, encrypted: long enough to explain a quarter's orders. */
export class RetainedLogs extends LogGroup {
  constructor(scope: Construct, id: string, props: { readonly key: IKey }) {
    super(scope, id, {
      encryptionKey: props.key,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
