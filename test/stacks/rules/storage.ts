import { at, finding, list, resources, target, type Placed, type Rule } from "../template-set.ts";

const TABLE = "AWS::DynamoDB::GlobalTable";
const BUCKET = "AWS::S3::Bucket";

const replicas = ({ properties }: Placed): readonly unknown[] => list(properties["Replicas"]);
const isForgetful = ({ properties }: Placed): boolean =>
  at(properties, "TimeToLiveSpecification", "Enabled") === true;
/** The second goes only if it could not even be made. */
const RETAINING = ["Retain", "RetainExceptOnCreate"];
const isRetained = ({ resource }: Placed): boolean =>
  RETAINING.includes(String(resource.DeletionPolicy)) && resource.UpdateReplacePolicy === "Retain";

/** A key for signatures cannot turn: whoever verifies has its public half. */
const turns = ({ properties }: Placed): boolean =>
  properties["EnableKeyRotation"] === true || properties["KeyUsage"] === "SIGN_VERIFY";

/** What keeps data must protect it. */
export const storageRules: readonly Rule[] = [
  {
    name: "every table is protected in each replica and outlives its stack",
    findings: (set) => [
      ...resources(set, "AWS::DynamoDB::Table").map((table) =>
        finding(table, "a table is a global table, be it in one Region."),
      ),
      ...resources(set, TABLE).flatMap((table) =>
        replicas(table).flatMap((replica) => [
          ...(at(replica, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") === true
            ? []
            : [finding(table, `no point-in-time recovery in ${String(at(replica, "Region"))}.`)]),
          ...(at(replica, "DeletionProtectionEnabled") === true
            ? []
            : [finding(table, `no deletion protection in ${String(at(replica, "Region"))}.`)]),
          ...(at(replica, "SSESpecification", "KMSMasterKeyId") !== undefined
            ? []
            : [finding(table, `no customer key in ${String(at(replica, "Region"))}.`)]),
        ]),
      ),
      ...resources(set, TABLE)
        .filter((table) => !isRetained(table))
        .map((table) => finding(table, "it goes with its stack.")),
    ],
  },
  {
    name: "the ledger has neither a time to live nor an index, and is strong in two Regions",
    findings: (set) => {
      const regions = new Set(set.map(({ region }) => region)).size;
      const ledgers = resources(set, TABLE).filter((table) => !isForgetful(table));
      if (ledgers.length !== 1) return [`There are ${ledgers.length} tables that keep for ever.`];
      return ledgers.flatMap((ledger) => {
        const { properties } = ledger;
        const witnesses = list(properties["GlobalTableWitnesses"]);
        const isStrong =
          properties["MultiRegionConsistency"] === "STRONG" &&
          replicas(ledger).length === 2 &&
          witnesses.length === 1;
        const isSingle =
          properties["MultiRegionConsistency"] === undefined &&
          replicas(ledger).length === 1 &&
          witnesses.length === 0;
        const hasIndex =
          properties["LocalSecondaryIndexes"] !== undefined ||
          properties["GlobalSecondaryIndexes"] !== undefined;
        return [
          ...((regions === 2 ? isStrong : isSingle)
            ? []
            : [finding(ledger, `it is not as ${regions} Regions need it.`)]),
          ...(hasIndex || properties["TimeToLiveSpecification"] !== undefined
            ? [finding(ledger, "it has an index or a time to live.")]
            : []),
        ];
      });
    },
  },
  {
    name: "every bucket is versioned, encrypted, private, retained, and forgets by a rule",
    findings: (set) =>
      resources(set, BUCKET).flatMap((bucket) => {
        const { properties } = bucket;
        const block = at(properties, "PublicAccessBlockConfiguration");
        const blocks = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls"];
        const checks: readonly (readonly [boolean, string])[] = [
          [at(properties, "VersioningConfiguration", "Status") === "Enabled", "not versioned."],
          [properties["BucketEncryption"] !== undefined, "not encrypted."],
          [
            [...blocks, "RestrictPublicBuckets"].every((name) => at(block, name) === true),
            "not closed to the public.",
          ],
          [isRetained(bucket), "it goes with its stack."],
          [
            list(at(properties, "LifecycleConfiguration", "Rules")).length > 0,
            "it has no lifecycle.",
          ],
        ];
        return checks.flatMap(([holds, problem]) => (holds ? [] : [finding(bucket, problem)]));
      }),
  },
  {
    name: "where old versions go, the markers of what was deleted go with them",
    findings: (set) =>
      resources(set, BUCKET).flatMap((bucket) =>
        list(at(bucket.properties, "LifecycleConfiguration", "Rules"))
          .filter(
            (rule) =>
              at(rule, "NoncurrentVersionExpiration") !== undefined &&
              // What expires takes its marker along.
              at(rule, "ExpirationInDays") === undefined &&
              at(rule, "ExpiredObjectDeleteMarker") !== true,
          )
          .map((rule) => finding(bucket, `${String(at(rule, "Id"))} leaves markers for ever.`)),
      ),
  },
  {
    name: "buckets, queues and topics refuse what does not come over TLS",
    findings: (set) => {
      const kinds = [
        [BUCKET, "AWS::S3::BucketPolicy", "Bucket"],
        ["AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"],
        ["AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"],
      ] as const;
      return kinds.flatMap(([type, policyType, property]) => {
        const refusing = resources(set, policyType).filter(({ properties }) =>
          JSON.stringify(properties).includes('"aws:SecureTransport":"false"'),
        );
        return resources(set, type)
          .filter(
            (owner) =>
              !refusing.some(({ properties, stack }) =>
                list(properties[property]).some((reference) => {
                  const place = target(set, stack, reference);
                  return place?.id === owner.id && place.stack.name === owner.stack.name;
                }),
              ),
          )
          .map((owner) => finding(owner, "it answers without TLS."));
      });
    },
  },
  {
    name: "the archive is made for Object Lock and its access is logged",
    findings: (set) =>
      resources(set, BUCKET)
        // Access logs themselves end in a bucket that S3 can write to with its own keys only.
        .filter(({ properties }) => JSON.stringify(properties["BucketEncryption"]).includes("kms"))
        .filter(
          ({ properties }) =>
            properties["ObjectLockEnabled"] !== true ||
            properties["LoggingConfiguration"] === undefined,
        )
        .map((bucket) => finding(bucket, "a retention cannot be set, or its readers are unknown.")),
  },
  {
    name: "every key turns, and outlives its stack",
    findings: (set) =>
      resources(set, "AWS::KMS::Key")
        .filter((key) => !turns(key) || !isRetained(key))
        .map((key) => finding(key, "it does not turn, or goes with its stack.")),
  },
  {
    name: "every secret is encrypted, retained, and holds no value in the template",
    findings: (set) =>
      resources(set, "AWS::SecretsManager::Secret")
        .filter(
          (secret) =>
            secret.properties["KmsKeyId"] === undefined ||
            secret.properties["SecretString"] !== undefined ||
            !isRetained(secret),
        )
        .map((secret) => finding(secret, "its value is readable, or it goes with its stack.")),
  },
  {
    name: "every topic is encrypted with a customer key, and what it cannot deliver is kept",
    findings: (set) => [
      ...resources(set, "AWS::SNS::Topic")
        .filter(({ properties }) => properties["KmsMasterKeyId"] === undefined)
        .map((topic) => finding(topic, "it has no customer key.")),
      ...resources(set, "AWS::SNS::Subscription")
        .filter(({ properties }) => properties["RedrivePolicy"] === undefined)
        .map((subscription) => finding(subscription, "what it cannot deliver is lost.")),
    ],
  },
];
