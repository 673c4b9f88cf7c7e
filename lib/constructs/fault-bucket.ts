import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { LayerVersion, type ILayerVersion } from "aws-cdk-lib/aws-lambda";
import { Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct, IConstruct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import { PRIVATE_BUCKET } from "./private-bucket.ts";

/** Where access to the bucket is logged. */
export type FaultBucketProps = { readonly accessLogs: Bucket };

const FOLDER = "faults/";
/** Fault Injection Service's own extension, whose newest version AWS names in each Region. */
const EXTENSION = "/aws/service/fis/lambda-extension/AWS-FIS-extension-arm64/1.x.x";

/**
 * What Fault Injection Service tells its extension in the functions that a drill breaks: objects
 * that live for as long as an experiment, and are forgotten within a day.
 */
export class FaultBucket extends Bucket {
  constructor(scope: Construct, id: string, { accessLogs }: FaultBucketProps) {
    super(scope, id, {
      // Nothing in it is worth a key of our own, and the service writes to it by itself.
      encryption: BucketEncryption.S3_MANAGED,
      ...PRIVATE_BUCKET,
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: "faults/",
      lifecycleRules: [
        {
          id: "forget-within-a-day",
          expiration: Duration.days(1),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** The layer that breaks a function when an experiment says so. */
  extension(scope: Construct): ILayerVersion {
    const arn = StringParameter.valueForStringParameter(scope, EXTENSION);
    return LayerVersion.fromLayerVersionArn(scope, "fault-extension", arn);
  }

  /** What the extension reads from a function's environment. */
  environmentFor(scope: Construct): Readonly<Record<string, string>> {
    return {
      AWS_FIS_CONFIGURATION_LOCATION: `${this.#arnFor(scope)}/${FOLDER}`,
      // What it waits for at most when it looks what is broken: a function has but a few seconds.
      AWS_FIS_POLL_MAX_WAIT_MILLISECONDS: "2000",
      AWS_LAMBDA_EXEC_WRAPPER: "/opt/aws-fis/bootstrap",
    };
  }

  /** Lets the extension in a function read what is to be broken. */
  grantExtension(grantee: IGrantable & IConstruct): void {
    this.#grantObjects(grantee, ["s3:GetObject"]);
    allow(grantee, ["s3:ListBucket"], [this.#arnFor(grantee)]);
  }

  /** Lets experiments say what is to be broken. */
  grantExperiments(grantee: IGrantable & IConstruct): void {
    this.#grantObjects(grantee, ["s3:DeleteObject", "s3:PutObject"]);
  }

  #grantObjects(grantee: IGrantable & IConstruct, actions: readonly string[]): void {
    const stack = Stack.of(grantee);
    const objects = `${this.#arnFor(grantee)}/${FOLDER}*`;
    allow(grantee, actions, [objects]);
    const reason = "Fault Injection Service names an object for each experiment and function.";
    const name = exportedName(stack.resolve(this.#arnFor(grantee)));
    for (const resource of [`${name}/${FOLDER}*`, JSON.stringify(stack.resolve(objects))]) {
      acknowledge(grantee, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
    }
  }

  /** A reference between stacks is an export, which cdk-nag names by itself. */
  #arnFor(scope: IConstruct): string {
    return Stack.of(scope) === Stack.of(this)
      ? this.bucketArn
      : Stack.of(this).exportValue(this.bucketArn);
  }
}

/** As cdk-nag writes an import in the name of a finding. */
const exportedName = (resolved: unknown): string =>
  typeof resolved === "object" && resolved !== null && "Fn::ImportValue" in resolved
    ? String(resolved["Fn::ImportValue"])
    : JSON.stringify(resolved);
