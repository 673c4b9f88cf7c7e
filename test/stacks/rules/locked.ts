import {
  at,
  finding,
  isSame,
  list,
  resources,
  target,
  type Placed,
  type Rule,
  type TemplateSet,
} from "../template-set.ts";
import { statements, type Statement } from "./statements.ts";

const BUCKET = "AWS::S3::Bucket";

/** What would take an object, its lock or its bucket's rules away. */
const DESTRUCTIVE =
  /^(\*|s3:(\*|Delete.*|Bypass.*|ObjectOwner.*|ReplicateDelete|Put(Object(Retention|LegalHold|Acl).*|Bucket.*|Lifecycle.*|Replication.*|Encryption.*)))$/;

const lockedBuckets = (set: TemplateSet): readonly Placed[] =>
  resources(set, BUCKET).filter(
    ({ properties }) => properties["ObjectLockConfiguration"] !== undefined,
  );

const ofBucket = (set: TemplateSet, bucket: Placed, policy: Placed): boolean => {
  const place = target(set, policy.stack, policy.properties["Bucket"]);
  return isSame(place, bucket);
};

const denials = (set: TemplateSet, bucket: Placed): readonly unknown[] =>
  resources(set, "AWS::S3::BucketPolicy")
    .filter((policy) => ofBucket(set, bucket, policy))
    .flatMap(({ properties }) => list(at(properties, "PolicyDocument", "Statement")))
    .filter(
      (statement) =>
        at(statement, "Effect") === "Deny" && at(statement, "Principal", "AWS") === "*",
    );

const DELETIONS = ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"];
const LOCKS = ["s3:PutObjectLegalHold", "s3:PutObjectRetention"];

/** The one bucket with a name is for copies, to which S3 brings their locks along. */
const refusedIn = ({ properties }: Placed): readonly string[] =>
  properties["BucketName"] === undefined ? [...DELETIONS, ...LOCKS] : DELETIONS;

const refusesDeletion = (bucket: Placed, statement: unknown): boolean =>
  at(statement, "Condition") === undefined &&
  refusedIn(bucket).every((action) => list(at(statement, "Action")).includes(action)) &&
  at(statement, "Resource", "Fn::Join", 1, 1) === "/*";

const refusesSecondPut = (statement: unknown): boolean =>
  list(at(statement, "Action")).includes("s3:PutObject") &&
  at(statement, "Condition", "Null", "s3:if-none-match") === "true" &&
  list(at(statement, "Resource")).some((resource) =>
    JSON.stringify(resource).includes('"/audit/*"'),
  );

const isLocked = ({ properties }: Placed): boolean => {
  const lock = at(properties, "ObjectLockConfiguration", "Rule", "DefaultRetention");
  return at(lock, "Mode") === "COMPLIANCE" && Number(at(lock, "Days")) >= 1;
};

const forgetsRecords = ({ properties }: Placed): boolean =>
  list(at(properties, "LifecycleConfiguration", "Rules")).some((rule) => {
    const prefix = at(rule, "Prefix");
    const isForgetting = ["ExpirationInDays", "NoncurrentVersionExpiration"].some(
      (name) => at(rule, name) !== undefined,
    );
    return (
      isForgetting &&
      (prefix === undefined || (typeof prefix === "string" && "audit/".startsWith(prefix)))
    );
  });

const hasKeptKey = (set: TemplateSet, { stack, properties }: Placed): boolean => {
  const key = target(
    set,
    stack,
    at(
      list(at(properties, "BucketEncryption", "ServerSideEncryptionConfiguration"))[0],
      "ServerSideEncryptionByDefault",
      "KMSMasterKeyID",
    ),
  );
  return list(at(key?.properties, "KeyPolicy", "Statement")).some(
    (statement) =>
      at(statement, "Effect") === "Deny" &&
      list(at(statement, "Action")).includes("kms:ScheduleKeyDeletion"),
  );
};

/** What was buffered leaves its buffer, and a fault ends: all that roles may delete. */
const isBufferOnly = ({ actions, resources: names }: Statement): boolean =>
  actions.filter((action) => DESTRUCTIVE.test(action)).join() === "s3:DeleteObject" &&
  names.every((name) => /\/(buffer|faults)\/\*/.test(JSON.stringify(name)));

/** DynamoDB asks for it to export; buckets own their objects, whose lists say nothing. */
const isExportOnly = ({ actions, resources: names }: Statement): boolean =>
  actions.filter((action) => DESTRUCTIVE.test(action)).join() === "s3:PutObjectAcl" &&
  names.every((name) => /\/exports\/\*/.test(JSON.stringify(name)));

/** The alarms about what a bucket could not copy. */
const failuresHeard = (set: TemplateSet, bucket: Placed): boolean =>
  resources(set, "AWS::CloudWatch::Alarm").some(
    ({ stack, properties }) =>
      properties["MetricName"] === "OperationsFailedReplication" &&
      properties["Threshold"] === 0 &&
      list(properties["Dimensions"]).some((dimension) =>
        isSame(target(set, stack, at(dimension, "Value")), bucket),
      ),
  );

/** What nobody can take back: records of the audit, exports and reports. */
export const lockedRules: readonly Rule[] = [
  {
    name: "no role may delete an object, its lock or what guards its bucket, but what was buffered",
    findings: (set) =>
      statements(set)
        .filter((statement) => statement.isAllow)
        .filter((statement) => !isBufferOnly(statement) && !isExportOnly(statement))
        .flatMap(({ owner, actions }) =>
          actions
            .filter((action) => DESTRUCTIVE.test(action))
            .map((action) => finding(owner, `${action} is allowed.`)),
        ),
  },
  {
    name: "each Region has a locked bucket, and none lets a record be changed or removed",
    findings: (set) => {
      const buckets = lockedBuckets(set);
      const regions = [...new Set(set.map(({ region }) => region))];
      const bare = regions.filter(
        (region) => !buckets.some(({ stack }) => stack.region === region),
      );
      return [
        ...bare.map((region) => `${region}: nothing is locked there.`),
        ...buckets.flatMap((bucket) => {
          const refused = denials(set, bucket);
          const checks: readonly (readonly [boolean, string])[] = [
            [isLocked(bucket), "its lock can be opened."],
            [
              refused.some((one) => refusesDeletion(bucket, one)),
              "its policy lets somebody delete.",
            ],
            [refused.some(refusesSecondPut), "a record can be put over another."],
            [!forgetsRecords(bucket), "it forgets records by itself."],
            [hasKeptKey(set, bucket), "its key can be deleted."],
          ];
          return checks.flatMap(([holds, problem]) => (holds ? [] : [finding(bucket, problem)]));
        }),
      ];
    },
  },
  {
    name: "what one of two Regions locks is copied into a locked bucket of the other",
    findings: (set) => {
      const buckets = lockedBuckets(set);
      const regions = [...new Set(set.map(({ region }) => region))];
      const targets = buckets.flatMap(({ stack, properties }) =>
        list(at(properties, "ReplicationConfiguration", "Rules")).map((rule) => ({
          from: stack.region,
          to: buckets.find(({ properties: { BucketName: name } }) => {
            const arn = JSON.stringify(at(rule, "Destination", "Bucket"));
            return typeof name === "string" && arn.includes(name);
          })?.stack.region,
        })),
      );
      return regions
        .filter(
          (region) =>
            regions.length > 1 &&
            !targets.some(({ from, to }) => from === region && to !== undefined && to !== region),
        )
        .map((region) => `${region}: what it locks is nowhere else.`);
    },
  },
  {
    name: "what could not be copied is counted, and one of it is told",
    findings: (set) =>
      lockedBuckets(set).flatMap((bucket) => {
        const rules = list(at(bucket.properties, "ReplicationConfiguration", "Rules"));
        const isCounted = rules.every(
          (rule) => at(rule, "Destination", "Metrics", "Status") === "Enabled",
        );
        return rules.length === 0 || (isCounted && failuresHeard(set, bucket))
          ? []
          : [finding(bucket, "nobody hears of what it does not copy.")];
      }),
  },
];
