import { describe, expect, it } from "vitest";
import { allRules } from "./rules/all-rules.ts";
import { parseStack, type TemplateSet } from "./template-set.ts";

type Resources = Readonly<
  Record<string, { readonly Type: string; readonly [key: string]: unknown }>
>;

const stack = (resources: Resources): TemplateSet => [
  parseStack("bad", "us-east-2", { Resources: resources }),
];

const queue = (properties: object = {}) => ({ Type: "AWS::SQS::Queue", Properties: properties });
const redrive = (id: string, maxReceiveCount = 3) => ({
  RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [id, "Arn"] }, maxReceiveCount },
});
const fn = (properties: object = {}) => ({
  Type: "AWS::Lambda::Function",
  Properties: { Timeout: 30, ...properties },
});
const mapping = (properties: object = {}) => ({
  Type: "AWS::Lambda::EventSourceMapping",
  Properties: {
    EventSourceArn: { "Fn::GetAtt": ["Queue", "Arn"] },
    FunctionName: { Ref: "Function" },
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    ScalingConfig: { MaximumConcurrency: 2 },
    ...properties,
  },
});
const policy = (
  action: string | readonly string[],
  resource: unknown,
  metadata: object = {},
  condition?: object,
) => ({
  Type: "AWS::IAM::Policy",
  Metadata: metadata,
  Properties: {
    PolicyDocument: {
      Statement: [{ Effect: "Allow", Action: action, Resource: resource, Condition: condition }],
    },
  },
});
const replica = (properties: object = {}) => ({
  Region: "us-east-2",
  DeletionProtectionEnabled: true,
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  SSESpecification: { KMSMasterKeyId: "key" },
  ...properties,
});
const retained = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };
const lock = (DefaultRetention: object = { Mode: "COMPLIANCE", Days: 90 }) => ({
  ObjectLockConfiguration: { Rule: { DefaultRetention } },
});
const DELETIONS = [
  "s3:BypassGovernanceRetention",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:PutObjectLegalHold",
  "s3:PutObjectRetention",
];
const below = (path: string) => ({
  "Fn::Join": ["", [{ "Fn::GetAtt": ["Bucket", "Arn"] }, path]],
});
const deny = (statement: object) => ({ Effect: "Deny", Principal: { AWS: "*" }, ...statement });
const policyKey = (signer: string) => ({
  Type: "AWS::KMS::Key",
  Properties: {
    KeyUsage: "SIGN_VERIFY",
    KeyPolicy: {
      Statement: [
        deny({
          Action: "kms:Sign",
          Condition: { ArnNotEquals: { "aws:PrincipalArn": signer } },
        }),
      ],
    },
  },
});

/** A locked bucket as it has to be, but for what is given. */
const locked = (flaw: {
  readonly bucket?: object;
  readonly deletion?: object;
  readonly secondPut?: object;
  readonly keyAction?: string;
}): Resources => {
  const nothingDeleted = { Action: DELETIONS, Resource: below("/*"), ...flaw.deletion };
  const createdOnce = {
    Action: "s3:PutObject",
    Condition: { Null: { "s3:if-none-match": "true" } },
    Resource: below("/audit/*"),
    ...flaw.secondPut,
  };
  const encryption = { KMSMasterKeyID: { "Fn::GetAtt": ["Key", "Arn"] } };
  return {
    Bucket: bucket({
      ...lock(),
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: encryption }],
      },
      ...flaw.bucket,
    }),
    Policy: {
      Type: "AWS::S3::BucketPolicy",
      Properties: {
        Bucket: { Ref: "Bucket" },
        PolicyDocument: { Statement: [deny(nothingDeleted), deny(createdOnce)] },
      },
    },
    Key: {
      Type: "AWS::KMS::Key",
      Properties: {
        KeyPolicy: { Statement: [deny({ Action: flaw.keyAction ?? "kms:ScheduleKeyDeletion" })] },
      },
    },
  };
};
const table = (properties: object = {}, policies: object = retained) => ({
  Type: "AWS::DynamoDB::GlobalTable",
  ...policies,
  Properties: { Replicas: [replica()], ...properties },
});
const experiment = (properties: object = {}, scenario = "partition") => ({
  Type: "AWS::FIS::ExperimentTemplate",
  Properties: { Tags: { "holdfast-drill": scenario, mode: "paper" }, ...properties },
});
const alias = (id = "Function") => ({
  Type: "AWS::Lambda::Alias",
  Properties: { FunctionName: { Ref: id }, FunctionVersion: "1", Name: "live" },
});
const schedule = (properties: object = {}, target: object = {}) => ({
  Type: "AWS::Scheduler::Schedule",
  Properties: {
    ScheduleExpressionTimezone: "America/New_York",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: { "Fn::GetAtt": ["Function", "Arn"] },
      DeadLetterConfig: { Arn: "queue" },
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 },
      ...target,
    },
    ...properties,
  },
});
const alarm = (properties: object = {}) => ({
  Type: "AWS::CloudWatch::Alarm",
  Properties: {
    AlarmDescription: "Orders are not sent. Runbook: docs/runbooks/dead-letters.md",
    AlarmActions: ["topic"],
    OKActions: ["topic"],
    TreatMissingData: "notBreaching",
    ...properties,
  },
});
/** A workflow of one step, which calls the function. */
const workflow = (state: object) => ({
  Type: "AWS::StepFunctions::StateMachine",
  Properties: {
    RoleArn: { "Fn::GetAtt": ["Role", "Arn"] },
    DefinitionString: JSON.stringify({
      States: { Step: { Type: "Task", Resource: "${Fn}", ...state } },
    }),
    DefinitionSubstitutions: { Fn: { Ref: "Function" } },
  },
});
/** An alarm on a metric of ours. */
const own = (service: string, metric: string) =>
  alarm({
    Namespace: "Holdfast",
    MetricName: metric,
    Dimensions: [
      { Name: "service", Value: service },
      { Name: "mode", Value: "paper" },
    ],
  });
const lambdaErrors = (functionName: object) => ({
  Namespace: "AWS/Lambda",
  MetricName: "Errors",
  Dimensions: [{ Name: "FunctionName", Value: functionName }],
});
const bucket = (properties: object = {}, policies: object = retained) => ({
  Type: "AWS::S3::Bucket",
  ...policies,
  Properties: {
    VersioningConfiguration: { Status: "Enabled" },
    BucketEncryption: "aws:kms",
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    LifecycleConfiguration: { Rules: [{}] },
    ...properties,
  },
});
const reasoned = (id: string, reason: string) => ({
  cdk_nag: { rules_to_suppress: [{ id, reason }] },
});

/** Tiny stacks that break one rule each, by the rule's name. */
const bad: Readonly<Record<string, readonly Resources[]>> = {
  "every function is Node.js 24 on arm64, traced, with its own memory and time-out": [
    { Function: fn({ Runtime: "nodejs22.x", Architectures: ["arm64"], MemorySize: 256 }) },
    { Function: fn({ Runtime: "nodejs24.x", MemorySize: 256 }) },
  ],
  "every function writes to a log group of its own that keeps and encrypts": [
    { Function: fn() },
    {
      Logs: { Type: "AWS::Logs::LogGroup" },
      One: fn({ LoggingConfig: { LogGroup: { Ref: "Logs" } } }),
      Two: fn({ LoggingConfig: { LogGroup: { Ref: "Logs" } } }),
    },
  ],
  "the key that signs policies answers one role alone": [
    { Key: { Type: "AWS::KMS::Key", Properties: { KeyUsage: "SIGN_VERIFY" } } },
    {
      Key: {
        Type: "AWS::KMS::Key",
        Properties: {
          KeyUsage: "SIGN_VERIFY",
          KeyPolicy: { Statement: [deny({ Action: "kms:Sign" })] },
        },
      },
    },
  ],
  "one role signs for every Region: a version is signed by all keys in one go": [
    { One: policyKey("arn:aws:iam::1:role/one"), Two: policyKey("arn:aws:iam::1:role/two") },
  ],
  "no role of ours may sign": [
    { Policy: policy("kms:Sign", "key") },
    { Policy: policy(["kms:GetPublicKey", "kms:*"], "key") },
  ],
  "every log group forgets in time and is encrypted": [
    { Logs: { Type: "AWS::Logs::LogGroup", Properties: { KmsKeyId: "key" } } },
    { Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 90 } } },
  ],
  "a reservation is at least what the function's queues ask for, and few in all": [
    { Queue: queue(), Function: fn({ ReservedConcurrentExecutions: 1 }), Mapping: mapping() },
    { Function: fn({ ReservedConcurrentExecutions: 0 }) },
    { Function: fn({ ReservedConcurrentExecutions: 101 }) },
  ],
  "who is woken without anyone waiting has bounded retries and a place for failures": [
    { Function: fn(), Schedule: schedule() },
    {
      Function: fn(),
      Subscription: {
        Type: "AWS::SNS::Subscription",
        Properties: { Endpoint: { "Fn::GetAtt": ["Function", "Arn"] } },
      },
    },
  ],
  "a function's environment fits into Lambda's 4 KiB": [
    { Function: fn({ Environment: { Variables: { LARGE: "x".repeat(4_100) } } }) },
  ],
  "there is no function, and no custom resource, that is not ours": [
    { Function: fn() },
    { Resource: { Type: "Custom::CrossRegionExportWriter" } },
  ],
  "every alarm says what users lose and links to a runbook that exists": [
    { Alarm: alarm({ AlarmDescription: "Orders are not sent." }) },
    { Alarm: alarm({ AlarmDescription: "Orders are late. Runbook: docs/runbooks/no-page.md" }) },
    { Alarm: alarm({ AlarmDescription: "Runbook: docs/runbooks/dead-letters.md" }) },
  ],
  "every alarm tells someone when it begins and when it ends": [
    { Alarm: alarm({ AlarmActions: [] }) },
    { Alarm: alarm({ OKActions: undefined }) },
    { Alarm: alarm({ ActionsEnabled: false }) },
  ],
  "what must never happen is an alarm at one, told as critical, in every Region": [
    { Alarm: alarm() },
    { Alarm: alarm({ MetricName: "orphanOrder", Threshold: 2 }) },
  ],
  "one alarm is over everything that must never happen, and one over each burn rate": [
    { Alarm: alarm() },
  ],
  "missing data breaches for heartbeats and ages, and for nothing else": [
    { Alarm: alarm({ TreatMissingData: "breaching" }) },
    { Alarm: alarm({ AlarmDescription: "Silence. Runbook: docs/runbooks/heartbeat-missing.md" }) },
  ],
  "what runs again and again has a heartbeat, but what comes once a night or a month": [
    { Function: fn(), Schedule: schedule() },
  ],
  "every function, queue, workflow and topic has an alarm": [
    { Queue: queue(), Alarm: alarm() },
    { Topic: { Type: "AWS::SNS::Topic" } },
  ],
  "every function, queue, workflow and topic has its place on a dashboard": [
    { Queue: queue(), Alarm: alarm({ Dimensions: [{ Value: { Ref: "Queue" } }] }) },
  ],
  "no wildcard is allowed in any policy without its reason": [
    { Policy: policy("dynamodb:*", "table") },
    { Policy: policy("sqs:SendMessage", "*") },
    { Policy: policy("s3:GetObject", { "Fn::Join": ["", ["bucket", "/*"]] }) },
    // A reason for another wildcard, and a reason that says nothing.
    {
      Policy: policy(
        "xray:Put*",
        "*",
        reasoned("AwsSolutions-IAM5[Resource::*]", "A good reason is here."),
      ),
    },
    { Policy: policy("a:B", "*", reasoned("AwsSolutions-IAM5[Resource::*]", "needed")) },
    {
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          Policies: [
            { PolicyDocument: { Statement: { Effect: "Allow", Action: "*", Resource: "a" } } },
          ],
        },
      },
    },
  ],
  "no role has a policy that AWS manages": [
    { Role: { Type: "AWS::IAM::Role", Properties: { ManagedPolicyArns: ["arn"] } } },
  ],
  "the ledger is only read by key and written item by item": [
    {
      Ledger: table(),
      Policy: policy("dynamodb:BatchWriteItem", { "Fn::GetAtt": ["Ledger", "Arn"] }),
    },
    {
      Ledger: table(),
      Policy: policy("dynamodb:UpdateItem", {
        "Fn::Join": ["", ["arn:aws:dynamodb:us-east-2:1:table/", { Ref: "Ledger" }]],
      }),
    },
    {
      Ledger: table({ TableName: "the-ledger" }),
      Policy: policy("dynamodb:UpdateItem", "arn:aws:dynamodb:us-west-2:1:table/the-ledger"),
    },
  ],
  "nobody may scan, delete items or delete a table that is not a test's own": [
    { Policy: policy(["dynamodb:GetItem", "dynamodb:Scan"], "table") },
    { Policy: policy("dynamodb:DeleteItem", "table") },
  ],
  "nothing is open to everyone": [
    {
      Policy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: {
          PolicyDocument: { Statement: [{ Effect: "Allow", Principal: { AWS: "*" } }] },
        },
      },
    },
    { Permission: { Type: "AWS::Lambda::Permission", Properties: { Principal: "*" } } },
    { Url: { Type: "AWS::Lambda::Url" } },
  ],
  "a service's role trusts that service for this account only": [
    {
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" } }],
          },
        },
      },
    },
  ],
  "every queue has a dead-letter queue of its own kind, or is one": [
    { Queue: queue() },
    { Queue: queue({ FifoQueue: true, ...redrive("Dead") }), Dead: queue() },
  ],
  "a dead-letter queue keeps messages longer than its source, and receives are bounded": [
    { Queue: queue(redrive("Dead")), Dead: queue() },
    {
      Queue: queue(redrive("Dead", 1_000)),
      Dead: queue({ MessageRetentionPeriod: 1_209_600 }),
    },
  ],
  "a queue hides a message for six time-outs of its consumer": [
    { Queue: queue({ VisibilityTimeout: 179 }), Function: fn(), Mapping: mapping() },
    {
      Queue: queue({ VisibilityTimeout: 180 }),
      Function: fn(),
      Mapping: mapping({ MaximumBatchingWindowInSeconds: 5 }),
    },
  ],
  "a consumer answers for each message, and FIFO is consumed as SQS demands": [
    { Queue: queue(), Function: fn(), Mapping: mapping({ FunctionResponseTypes: [] }) },
    { Queue: queue(), Function: fn(), Mapping: mapping({ ScalingConfig: undefined }) },
    {
      Queue: queue({ FifoQueue: true }),
      Function: fn(),
      Mapping: mapping({ MaximumBatchingWindowInSeconds: 1 }),
    },
  ],
  "every queue is encrypted with a customer key": [{ Queue: queue() }],
  "every schedule runs by New York's clock, on the minute": [
    { Schedule: schedule({ ScheduleExpressionTimezone: "UTC" }) },
    { Schedule: schedule({ FlexibleTimeWindow: { Mode: "FLEXIBLE" } }) },
  ],
  "a slot is tried at most twice within a minute, and a missed one is kept": [
    { Schedule: schedule({}, { DeadLetterConfig: undefined }) },
    { Schedule: schedule({}, { RetryPolicy: undefined }) },
    {
      Schedule: schedule(
        {},
        { RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 } },
      ),
    },
    {
      Schedule: schedule(
        {},
        { RetryPolicy: { MaximumEventAgeInSeconds: 61, MaximumRetryAttempts: 1 } },
      ),
    },
  ],
  "there are no rules of EventBridge, whose clock is UTC": [
    {
      Rule: { Type: "AWS::Events::Rule", Properties: { ScheduleExpression: "rate(1 minute)" } },
    },
  ],
  "every workflow is logged in full and traced": [
    { Workflow: { Type: "AWS::StepFunctions::StateMachine" } },
  ],
  "every stack stays well below CloudFormation's limits": [
    Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`Queue${index}`, queue()])),
  ],
  "names are left to CloudFormation, except those of FIFO queues": [
    { Queue: queue({ QueueName: "orders" }) },
    { Function: fn({ FunctionName: "execute-orders" }) },
    { Table: table({ TableName: "ledger" }) },
  ],
  "an API asks for a token with a scope, is throttled and logged, and has no CORS": [
    { Route: { Type: "AWS::ApiGatewayV2::Route", Properties: { AuthorizationType: "NONE" } } },
    {
      Route: {
        Type: "AWS::ApiGatewayV2::Route",
        Properties: { AuthorizationType: "JWT", AuthorizationScopes: [] },
      },
    },
    ...[
      { RouteKey: "POST /api/trading/halt", AuthorizationScopes: ["read"] },
      { RouteKey: "POST /api/trading/resume/approve", AuthorizationScopes: ["operate"] },
      { RouteKey: "POST /api/reconcile", AuthorizationScopes: ["approve"] },
    ].map((properties) => ({
      Route: {
        Type: "AWS::ApiGatewayV2::Route",
        Properties: { AuthorizationType: "JWT", ...properties },
      },
    })),
    {
      Api: {
        Type: "AWS::ApiGatewayV2::Api",
        Properties: { CorsConfiguration: { AllowOrigins: ["*"] } },
      },
    },
    { Stage: { Type: "AWS::ApiGatewayV2::Stage" } },
  ],
  "every table is protected in each replica and outlives its stack": [
    { Table: { Type: "AWS::DynamoDB::Table" } },
    { Table: table({}, {}) },
    { Table: table({ Replicas: [replica(), replica({ DeletionProtectionEnabled: false })] }) },
    { Table: table({ Replicas: [replica({ PointInTimeRecoverySpecification: undefined })] }) },
    { Table: table({ Replicas: [replica(), replica({ SSESpecification: undefined })] }) },
  ],
  "the ledger has neither a time to live nor an index, and is strong in two Regions": [
    {},
    { One: table(), Two: table() },
    { Ledger: table({ LocalSecondaryIndexes: [{}] }) },
    { Ledger: table({ TimeToLiveSpecification: { Enabled: false } }) },
    { Ledger: table({ MultiRegionConsistency: "STRONG" }) },
    { Ledger: table({ Replicas: [replica(), replica()] }) },
  ],
  "every bucket is versioned, encrypted, private, retained, and forgets by a rule": [
    { Bucket: bucket({ VersioningConfiguration: undefined }) },
    { Bucket: bucket({ BucketEncryption: undefined }) },
    { Bucket: bucket({ PublicAccessBlockConfiguration: { BlockPublicAcls: true } }) },
    { Bucket: bucket({ LifecycleConfiguration: undefined }) },
    { Bucket: bucket({}, {}) },
  ],
  "where old versions go, the markers of what was deleted go with them": [
    {
      Bucket: bucket({
        LifecycleConfiguration: {
          Rules: [{ Prefix: "a/", NoncurrentVersionExpiration: { NoncurrentDays: 1 } }],
        },
      }),
    },
  ],
  "buckets, queues and topics refuse what does not come over TLS": [
    { Bucket: bucket() },
    { Queue: queue() },
    { Topic: { Type: "AWS::SNS::Topic" } },
  ],
  "the archive is made for Object Lock and its access is logged": [
    { Bucket: bucket({ LoggingConfiguration: {} }) },
    { Bucket: bucket({ ObjectLockEnabled: true }) },
  ],
  "no role may delete an object, its lock or what guards its bucket, but what was buffered": [
    { Policy: policy("s3:DeleteObject", { "Fn::Join": ["", ["bucket", "/audit/*"]] }) },
    { Policy: policy(["s3:GetObject", "s3:DeleteObjectVersion"], "bucket/buffer/*") },
    { Policy: policy("s3:PutObjectRetention", "bucket/reports/a") },
    { Policy: policy("s3:BypassGovernanceRetention", "bucket/reports/a") },
    { Policy: policy("s3:PutObjectAcl", "bucket/audit/*") },
    { Policy: policy("s3:PutBucketPolicy", "bucket") },
    { Policy: policy("s3:Delete*", "bucket/buffer/*") },
    { Policy: policy("s3:*", "bucket/buffer/*") },
  ],
  "each Region has a locked bucket, and none lets a record be changed or removed": [
    {},
    locked({ bucket: lock({ Mode: "GOVERNANCE", Days: 90 }) }),
    locked({ deletion: { Action: ["s3:DeleteObject"] } }),
    locked({ deletion: { Action: DELETIONS.slice(0, 3) } }),
    locked({ bucket: { BucketName: "copies" }, deletion: { Action: DELETIONS.slice(1) } }),
    locked({ deletion: { Condition: { Bool: { a: "true" } } } }),
    locked({ secondPut: { Condition: {} } }),
    locked({ bucket: { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1 }] } } }),
    locked({ keyAction: "kms:DisableKey" }),
  ],
  "who writes the ledger writes no end of the audit, and who writes those nothing else": [
    { Ledger: table(), Policy: policy("dynamodb:PutItem", { "Fn::GetAtt": ["Ledger", "Arn"] }) },
    {
      Ledger: table(),
      Policy: policy(
        ["dynamodb:GetItem", "dynamodb:PutItem"],
        { "Fn::GetAtt": ["Ledger", "Arn"] },
        {},
        {
          "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["*"] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      ),
    },
    {
      Ledger: table(),
      Policy: policy(
        "dynamodb:PutItem",
        { "Fn::GetAtt": ["Ledger", "Arn"] },
        {},
        { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["audit#*"] } },
      ),
    },
  ],
  "the audit's end is written by eight functions, of which three write nothing else": [
    {
      Ledger: table(),
      scoresignalsroleDefaultPolicy: policy(
        "dynamodb:PutItem",
        { "Fn::GetAtt": ["Ledger", "Arn"] },
        {},
        { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["audit#*"] } },
      ),
    },
    {
      Ledger: table(),
      keepauditroleDefaultPolicy: policy("dynamodb:PutItem", { "Fn::GetAtt": ["Ledger", "Arn"] }),
    },
  ],
  "records of the audit are put by the function that keeps them, and by nobody else": [
    { Bucket: bucket(lock()), Policy: policy("s3:PutObject", below("/audit/*")) },
    { Bucket: bucket(lock()), keepauditPolicy: policy("s3:PutObject", below("/*")) },
    { Bucket: bucket(lock()), Policy: policy("s3:PutObject", "*") },
  ],
  "what one of two Regions locks is copied into a locked bucket of the other": [],
  "what could not be copied is counted, and one of it is told": [
    { Bucket: bucket({ ...lock(), ReplicationConfiguration: { Rules: [{}] } }) },
    {
      Bucket: bucket({
        ...lock(),
        ReplicationConfiguration: {
          Rules: [{ Destination: { Metrics: { Status: "Enabled" } } }],
        },
      }),
    },
  ],
  "every key turns, and outlives its stack": [
    { Key: { Type: "AWS::KMS::Key", ...retained } },
    { Key: { Type: "AWS::KMS::Key", Properties: { EnableKeyRotation: true } } },
  ],
  "every secret is encrypted, retained, and holds no value in the template": [
    { Secret: { Type: "AWS::SecretsManager::Secret", ...retained } },
    {
      Secret: {
        Type: "AWS::SecretsManager::Secret",
        ...retained,
        Properties: { KmsKeyId: "key", SecretString: "value" },
      },
    },
    { Secret: { Type: "AWS::SecretsManager::Secret", Properties: { KmsKeyId: "key" } } },
  ],
  "every topic is encrypted with a customer key, and what it cannot deliver is kept": [
    { Topic: { Type: "AWS::SNS::Topic" } },
    { Subscription: { Type: "AWS::SNS::Subscription" } },
  ],
  "where there are drills, each Region can be struck in every way, and ended from the other": [
    { Experiment: experiment() },
    Object.fromEntries(
      ["mid-order", "partition", "region-loss"].map((name) => [name, experiment({}, name)]),
    ),
  ],
  "only what is tagged as a drill's may be started": [
    { Policy: policy("fis:StartExperiment", "arn:aws:fis:us-west-2:1:experiment-template/*") },
  ],
  "an experiment is bounded, names what it breaks, and is stopped by alarms of its Region": [
    { Experiment: experiment({ Actions: { a: { Parameters: { duration: "PT12H" } } } }) },
    { Experiment: experiment({ StopConditions: [{ Source: "none" }] }) },
    { Experiment: experiment({ Targets: { a: { ResourceTags: { a: "b" } } } }) },
    {
      Function: fn(),
      Experiment: experiment({
        Targets: {
          a: {
            ResourceType: "aws:lambda:function",
            ResourceArns: [{ "Fn::GetAtt": ["Function", "Arn"] }],
          },
        },
      }),
    },
  ],
  "a version that is shifted is rolled back by an alarm of its Region that exists": [
    { Function: fn(), Alias: alias() },
  ],
  "no two versions work side by side of what must be alone": [
    { executeorders: fn(), Alias: alias("executeorders") },
  ],
  "whoever calls a function whose versions are shifted calls it by its alias": [
    { Function: fn(), Alias: alias(), Mapping: mapping() },
  ],
  "every metric that an alarm or a dashboard reads is one that somebody writes": [
    { Alarm: alarm({ Namespace: "Holdfast", MetricName: "doubledOrder" }) },
    { Alarm: own("poll-flow", "doubledOrder") },
    { Alarm: own("reconcile-orders", "doubledOrders") },
    { Alarm: alarm(lambdaErrors({ Ref: "Queue" })), Queue: queue() },
    {
      Table: table(),
      Alarm: alarm({
        Namespace: "AWS/DynamoDB",
        MetricName: "SystemErrors",
        Dimensions: [{ Name: "TableName", Value: { Ref: "Table" } }],
      }),
    },
    {
      Dashboard: {
        Type: "AWS::CloudWatch::Dashboard",
        Properties: {
          DashboardBody: JSON.stringify({
            widgets: [
              {
                type: "metric",
                properties: {
                  metrics: [["Holdfast", "refused", "service", "execute-orders", "mode", "paper"]],
                },
              },
            ],
          }),
        },
      },
    },
  ],
  "an alarm over several metrics hears one of them while the others are silent": [
    {
      Function: fn(),
      Alarm: alarm({
        Metrics: [
          { Id: "sum", Expression: "FILL(m1,0)+m2" },
          { Id: "m1", MetricStat: { Metric: lambdaErrors({ Ref: "Function" }) } },
          { Id: "m2", MetricStat: { Metric: lambdaErrors({ Ref: "Function" }) } },
        ],
      }),
    },
  ],
  "a workflow that fails each time it runs is heard, however seldom that is": [
    {
      Workflow: { Type: "AWS::StepFunctions::StateMachine" },
      Schedule: schedule({ ScheduleExpression: "rate(5 minutes)" }, { Arn: { Ref: "Workflow" } }),
      Alarm: alarm({
        Namespace: "AWS/States",
        MetricName: "ExecutionsFailed",
        Dimensions: [{ Name: "StateMachineArn", Value: { Ref: "Workflow" } }],
        Period: 300,
        Threshold: 1,
      }),
    },
  ],
  "what keeps nothing goes with its stack, so that the next one can have its name": [
    { Group: { Type: "AWS::Scheduler::ScheduleGroup", ...retained } },
  ],
  "a step of a workflow outwaits the function that it calls, and tries again a few times": [
    { Function: fn(), Workflow: workflow({ TimeoutSeconds: 30 }) },
    { Function: fn(), Workflow: workflow({}) },
    { Function: fn(), Workflow: workflow({ TimeoutSeconds: 31, Resource: "arn" }) },
    { Function: fn(), Workflow: workflow({ TimeoutSeconds: 31, Retry: [{ MaxAttempts: 99 }] }) },
  ],
  "a workflow may invoke what its steps call, and nothing else": [
    { Function: fn(), Workflow: workflow({ TimeoutSeconds: 31 }) },
    {
      Function: fn(),
      Other: fn(),
      Role: { Type: "AWS::IAM::Role" },
      Workflow: workflow({ TimeoutSeconds: 31 }),
      Policy: {
        Type: "AWS::IAM::Policy",
        Properties: {
          Roles: [{ Ref: "Role" }],
          PolicyDocument: {
            Statement: [
              {
                Effect: "Allow",
                Action: "lambda:InvokeFunction",
                Resource: [{ Ref: "Function" }, { Ref: "Other" }],
              },
            ],
          },
        },
      },
    },
  ],
  "a function's own policy has room for everyone who may call it": [
    {
      Function: fn(),
      ...Object.fromEntries(
        Array.from({ length: 41 }, (_, index) => [
          `Permission${index}`,
          { Type: "AWS::Lambda::Permission", Properties: { FunctionName: { Ref: "Function" } } },
        ]),
      ),
    },
  ],
  "a function is made to be broken only where an experiment names it": [
    { Function: fn({ Layers: ["layer"] }) },
  ],
};

const cases = allRules.flatMap((rule) =>
  (bad[rule.name] ?? []).map((resources, index) => ({
    ...rule,
    name: `${rule.name} (${index + 1})`,
    resources,
  })),
);

describe("a rule over all stacks", () => {
  it("is shown a stack that breaks it, whichever rule it is", () => {
    expect(new Set(Object.keys(bad))).toEqual(new Set(allRules.map(({ name }) => name)));
  });

  it.each(cases)("finds what breaks: $name", ({ findings, resources }) => {
    expect(findings(stack(resources)).length).toBeGreaterThan(0);
  });

  it("finds nothing in a locked bucket that is as it has to be", () => {
    const rule = allRules.find(({ name }) => name.startsWith("each Region has a locked bucket"));
    expect(rule?.findings(stack(locked({})))).toEqual([]);
  });

  it("asks for copies of what is locked as soon as there are two Regions", () => {
    const rule = allRules.find(({ name }) => name.startsWith("what one of two Regions locks"));
    const set = ["us-east-2", "us-west-2"].map((region) =>
      parseStack(region, region, { Resources: { Bucket: bucket(lock()) } }),
    );
    expect(rule?.findings(set)).toHaveLength(2);
  });

  it("asks for the strong ledger as soon as there are two Regions", () => {
    const rule = allRules.find(({ name }) => name.startsWith("the ledger has neither"));
    const set = [
      parseStack("one", "us-east-2", { Resources: { Ledger: table() } }),
      parseStack("two", "us-west-2", { Resources: {} }),
    ];
    expect(rule?.findings(set)).toEqual(["one/Ledger: it is not as 2 Regions need it."]);
    expect(rule?.findings(set.slice(0, 1))).toEqual([]);
  });

  it("accepts a wildcard whose reason is written beside it", () => {
    const rule = allRules.find(({ name }) => name.startsWith("no wildcard"));
    const why = reasoned("AwsSolutions-IAM5[Resource::*]", "AWS knows no resources for these.");
    expect(rule?.findings(stack({ Policy: policy("xray:PutTraceSegments", "*", why) }))).toEqual(
      [],
    );
  });
});
