import {
  at,
  isSame,
  list,
  resources,
  target,
  type Placed,
  type TemplateSet,
} from "./template-set.ts";

/** Every function and all that it may do; what is not here, it may not. */
export const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  opencycle: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "verify",
    "alert",
    "secret broker",
  ],
  pollmarketdata: [
    "read telemetry",
    "write telemetry",
    "send marketdataqueue",
    "keep archive",
    "secret broker",
    "secret vendorkeys",
    "alert",
  ],
  pollflow: ["read telemetry", "write telemetry", "secret flow"],
  closecycle: ["read telemetry", "write telemetry"],
  scoresignals: [
    "read ledger",
    "read telemetry",
    "write telemetry",
    "verify",
    "receive marketdataqueue",
    "count marketdataqueue",
    "send marketdatadeadletters",
    "send ordersqueue",
    "send exitsqueue",
    "fetch archive",
  ],
  // No vendor, no secret and no queue of orders: what it makes has nowhere to go.
  probepipeline: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "send failedruns",
  ],
  rundiagnostics: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "verify",
    "count marketdatadeadletters",
    "count ordersdeadletters",
    "count exitsdeadletters",
    "alert",
  ],
  executeorders: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "verify",
    "receive ordersqueue",
    "count ordersqueue",
    "receive exitsqueue",
    "count exitsqueue",
    "send ordersdeadletters",
    "send exitsdeadletters",
    "alert",
    "secret broker",
  ],
  reconcileorders: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "send failedruns",
    "alert",
    "keep archive",
    "secret broker",
  ],
  keepaudit: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "send failedruns",
    "alert",
    "fetch locked",
    "keep locked",
    "list locked",
  ],
  keeplease: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "send failedruns",
    "alert",
    "keep archive",
    "secret broker",
  ],
  failover: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "alert",
    "keep archive",
    "secret broker",
  ],
  redrivedeadletters: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "receive marketdatadeadletters",
    "receive ordersdeadletters",
    "receive exitsdeadletters",
    "send marketdataqueue",
    "send ordersqueue",
    "send exitsqueue",
    "send failedruns",
    "alert",
    "keep archive",
    "fetch archive",
    "forget archive",
    "list archive",
  ],
  drillfailover: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "alert",
    "keep archive",
    "fetch archive",
    "list archive",
    "secret broker",
    "break",
    "mend",
  ],
  watchdrills: [
    "read telemetry",
    "write telemetry",
    "send faileddrills",
    "alert",
    "keep archive",
    "fetch archive",
    "list archive",
    "mend",
  ],
  aggregatehealth: ["read telemetry", "write telemetry", "send failedruns", "alert"],
  // Exports are written by DynamoDB in its name.
  backup: [
    "export ledger",
    "export telemetry",
    "export to locked",
    "read telemetry",
    "write telemetry",
    "send failedbackups",
    "alert",
    "fetch locked",
    "keep locked",
    "list locked",
  ],
  // The live ledger it may only read; what it makes, writes and takes away is named as a test's.
  verifyrestore: [
    "read ledger",
    "read telemetry",
    "write telemetry",
    "alert",
    "fetch locked",
    "keep locked",
    "list locked",
    "make testtable",
    "read testtable",
    "write testtable",
  ],
  notify: ["read telemetry", "write telemetry", "send undeliveredalerts", "secret pager"],
  serveapi: [
    "read ledger",
    "read telemetry",
    "fetch archive",
    "list archive",
    "fetch locked",
    "list locked",
  ],
  controltrading: [
    "read ledger",
    "write ledger",
    "read telemetry",
    "write telemetry",
    "send exitsqueue",
    "start healworkflow",
    "alert",
    "keep archive",
    "secret broker",
  ],
};

/** What an action is called in the table above; actions that every function has are left out. */
const MEANING: readonly (readonly [RegExp, string])[] = [
  [/^dynamodb:(Get|Query|BatchGet)/, "read"],
  [/^dynamodb:(Put|Update|BatchWrite)/, "write"],
  [/^dynamodb:(ExportTableToPointInTime|DescribeExport)$/, "export"],
  [/^dynamodb:(Create|Delete|Describe)Table$/, "make"],
  [/^sqs:Send/, "send"],
  [/^sqs:(Receive|Delete|ChangeMessageVisibility)/, "receive"],
  [/^sqs:GetQueueAttributes$/, "count"],
  [/^kms:GetPublicKey$/, "verify"],
  [/^states:StartExecution$/, "start"],
  [/^sns:Publish$/, "alert"],
  [/^s3:PutObject$/, "keep"],
  [/^s3:(AbortMultipartUpload|PutObjectAcl)$/, "export to"],
  [/^s3:GetObject$/, "fetch"],
  [/^s3:DeleteObject$/, "forget"],
  [/^s3:ListBucket$/, "list"],
  [/^fis:(StartExperiment|TagResource|ListExperimentTemplates)$/, "break"],
  [/^fis:(StopExperiment|ListExperiments)$/, "mend"],
  [/^secretsmanager:GetSecretValue$/, "secret"],
  [/^(logs:(CreateLogStream|PutLogEvents)|xray:Put(TraceSegments|TelemetryRecords))$/, ""],
  [/^kms:(CreateGrant|Decrypt|DescribeKey|Encrypt|GenerateDataKey|ReEncrypt(From|To))$/, ""],
];

const nameOf = (set: TemplateSet, policy: Placed, resource: unknown): string => {
  const direct = target(set, policy.stack, resource);
  const inName = list(at(resource, "Fn::Join", 1)).map((part) => target(set, policy.stack, part));
  const place = direct ?? inName.find((part) => part !== undefined);
  const text = place?.id ?? JSON.stringify(resource);
  if (text.includes(":table/holdfast-restored-test-*")) return "testtable";
  // The one that a restore made takes the ledger's place.
  if (text.includes(":table/holdfast-restored-")) return "ledger";
  return /ledger|telemetry/.exec(text)?.[0] ?? text.replace(/[0-9A-F]{8}$/, "");
};

/** What the role of a function may do, in the words of the table. */
export const permissionsOf = (set: TemplateSet, fn: Placed): readonly string[] => {
  const role = target(set, fn.stack, fn.properties["Role"]);
  const policies = resources([fn.stack], "AWS::IAM::Policy").filter(({ properties }) =>
    list(properties["Roles"]).some(
      (reference) => role !== undefined && isSame(target(set, fn.stack, reference), role),
    ),
  );
  return policies.flatMap((policy) =>
    list(at(policy.properties, "PolicyDocument", "Statement")).flatMap((statement) =>
      list(at(statement, "Action")).flatMap((action) => {
        const verb = MEANING.find(([pattern]) => pattern.test(String(action)))?.[1];
        if (verb === undefined) return [`${String(action)}?`];
        if (verb === "") return [];
        if (["alert", "break", "mend", "verify"].includes(verb)) return [verb];
        return list(at(statement, "Resource")).map(
          (resource) => `${verb} ${nameOf(set, policy, resource)}`,
        );
      }),
    ),
  );
};
