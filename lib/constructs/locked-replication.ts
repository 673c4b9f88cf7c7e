import { Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnBucket, type Bucket } from "aws-cdk-lib/aws-s3";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";

/** The other Region's bucket for copies, by what is known before that Region is deployed. */
export type ReplicationTarget = {
  readonly region: string;
  readonly bucketName: string;
  /** `alias/...`: the name of its key there. */
  readonly keyAlias: string;
};

/** The name of the one rule, by which S3 counts what it could not copy. */
export const REPLICATION_RULE = "to-the-other-region";

/**
 * Has S3 copy every version into the other Region's bucket, with its lock, under that Region's
 * key. What is deleted is not deleted there: nobody is told of it.
 */
export const replicateTo = (source: Bucket, key: IKey, target: ReplicationTarget): void => {
  const stack = Stack.of(source);
  const { region, bucketName, keyAlias } = target;
  const bucketArn = stack.formatArn({
    service: "s3",
    region: "",
    account: "",
    resource: bucketName,
  });
  const role = new Role(source, "replication", {
    description: "Copies locked objects into the other Region.",
    // No condition: S3 is not known to name the account when it takes on such a role, and only who
    // may pass it on, in this account, can have S3 copy with it.
    assumedBy: new ServicePrincipal("s3.amazonaws.com"),
  });
  allow(role, ["s3:GetReplicationConfiguration", "s3:ListBucket"], [source.bucketArn]);
  allow(role, READ_VERSIONS, [source.arnForObjects("*")]);
  allow(role, ["s3:ReplicateObject", "s3:ReplicateTags"], [`${bucketArn}/*`]);
  allow(role, ["kms:Decrypt"], [key.keyArn]);
  const anyKey = stack.formatArn({ service: "kms", region, resource: "key", resourceName: "*" });
  role.addToPolicy(
    new PolicyStatement({
      // The last two for the bucket's own data key, which stands for many calls of the first.
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
      resources: [anyKey],
      conditions: {
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": keyAlias },
        StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
      },
    }),
  );
  const bucket = source.node.defaultChild;
  if (!(bucket instanceof CfnBucket)) return;
  // cdk-nag names the source by its logical id, our own rule by the whole expression.
  acknowledgeWildcards(role, [
    `<${stack.getLogicalId(bucket)}.Arn>/*`,
    JSON.stringify(stack.resolve(source.arnForObjects("*"))),
    `${bucketArn}/*`,
    anyKey,
  ]);
  bucket.replicationConfiguration = {
    role: role.roleArn,
    rules: [
      {
        id: REPLICATION_RULE,
        priority: 1,
        status: "Enabled",
        filter: { prefix: "" },
        deleteMarkerReplication: { status: "Disabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: {
          bucket: bucketArn,
          // What could not be copied is counted.
          metrics: { status: "Enabled" },
          encryptionConfiguration: {
            replicaKmsKeyId: stack.formatArn({ service: "kms", region, resource: keyAlias }),
          },
        },
      },
    ],
  };
};

/** With the lock's own two, which S3 needs to copy what is locked. */
const READ_VERSIONS = [
  "s3:GetObjectLegalHold",
  "s3:GetObjectRetention",
  "s3:GetObjectVersionAcl",
  "s3:GetObjectVersionForReplication",
  "s3:GetObjectVersionTagging",
];

const acknowledgeWildcards = (role: Role, names: readonly string[]): void => {
  for (const name of names) {
    acknowledge(
      role,
      `AwsSolutions-IAM5[Resource::${name}]`,
      "Every object is copied; the key is found by its name, as its ARN is not known here.",
    );
  }
};
