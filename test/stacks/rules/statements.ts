import { at, list, resources, type Placed, type TemplateSet } from "../template-set.ts";

/** One statement of a policy, with the resource that carries it. */
export type Statement = {
  readonly owner: Placed;
  readonly isAllow: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly principal: unknown;
  readonly condition: unknown;
};

/** Where each kind of resource carries its policies. */
const DOCUMENTS: Readonly<Record<string, (properties: unknown) => readonly unknown[]>> = {
  "AWS::IAM::Policy": (properties) => [at(properties, "PolicyDocument")],
  "AWS::IAM::ManagedPolicy": (properties) => [at(properties, "PolicyDocument")],
  "AWS::IAM::Role": (properties) => [
    at(properties, "AssumeRolePolicyDocument"),
    ...list(at(properties, "Policies")).map((policy) => at(policy, "PolicyDocument")),
  ],
  "AWS::SQS::QueuePolicy": (properties) => [at(properties, "PolicyDocument")],
  "AWS::SNS::TopicPolicy": (properties) => [at(properties, "PolicyDocument")],
  "AWS::S3::BucketPolicy": (properties) => [at(properties, "PolicyDocument")],
  "AWS::KMS::Key": (properties) => [at(properties, "KeyPolicy")],
  "AWS::SecretsManager::ResourcePolicy": (properties) => [at(properties, "ResourcePolicy")],
};

/** Every statement of every policy of every stack. */
export const statements = (set: TemplateSet): readonly Statement[] =>
  resources(set, ...Object.keys(DOCUMENTS)).flatMap((owner) =>
    (DOCUMENTS[owner.type]?.(owner.properties) ?? []).flatMap((document) =>
      list(at(document, "Statement")).map((statement) => ({
        owner,
        isAllow: at(statement, "Effect") === "Allow",
        actions: list(at(statement, "Action")).map(String),
        resources: list(at(statement, "Resource")),
        principal: at(statement, "Principal"),
        condition: at(statement, "Condition"),
      })),
    ),
  );
