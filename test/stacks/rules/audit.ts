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
import { isLedger } from "./policies.ts";
import { statements, type Statement } from "./statements.ts";

const LEADING_KEYS = "dynamodb:LeadingKeys";

/** IAM cannot ask for a condition on the item; by the partition it can tell who writes what. */
const isDivided = ({ condition }: Statement): boolean => {
  const isNamed = at(condition, "Null", LEADING_KEYS) === "false";
  const operators = ["ForAllValues:StringLike", "ForAllValues:StringNotLike"];
  return (
    isNamed &&
    operators.some((operator) => list(at(condition, operator, LEADING_KEYS)).join() === "audit#*")
  );
};

/** Whether a statement lets its role write the ends of audit chains. */
const writesEnds = ({ condition }: Statement): boolean =>
  at(condition, "ForAllValues:StringLike", LEADING_KEYS) !== undefined;

const writesLedger = (set: TemplateSet): readonly Statement[] =>
  statements(set)
    .filter(({ isAllow, actions }) => isAllow && actions.includes("dynamodb:PutItem"))
    .filter((statement) =>
      statement.resources.some((resource) => isLedger(set, statement, resource)),
    );

/** Who acts and records it, and who only records. Whoever is added here can set the end back. */
const RECORDS_AND_ACTS = /^(controltrading|failover|keeplease|opencycle|rundiagnostics)role/;
const ONLY_RECORDS = /^(drillfailover|keepaudit|redrivedeadletters)role/;

/** The bucket that a resource of a policy lies in, and the folder below it. */
const placeOf = (
  set: TemplateSet,
  { owner }: Statement,
  resource: unknown,
): { readonly bucket: Placed | undefined; readonly path: string } => {
  const parts = list(at(resource, "Fn::Join", 1));
  const bucket = [resource, ...parts]
    .map((part) => target(set, owner.stack, part))
    .find((place) => place?.type === "AWS::S3::Bucket");
  return { bucket, path: parts.filter((part) => typeof part === "string").join("") };
};

const LOCKED_FOLDERS = ["/exports/*", "/reports/*"];

/** Whether a statement lets its role put records of the audit into a locked bucket. */
const putsRecords = (set: TemplateSet, statement: Statement): boolean => {
  const isPutting = statement.actions.some((action) =>
    /^(\*|s3:(\*|Put(\*|Object)))$/.test(action),
  );
  if (!statement.isAllow || !isPutting) return false;
  const locked = resources(set, "AWS::S3::Bucket").filter(
    ({ properties }) => properties["ObjectLockConfiguration"] !== undefined,
  );
  return statement.resources.some((resource) => {
    if (resource === "*") return true;
    const { bucket, path } = placeOf(set, statement, resource);
    const isLocked = locked.some((one) => isSame(bucket, one));
    return isLocked && !LOCKED_FOLDERS.some((folder) => path.endsWith(folder));
  });
};

const isKeepersFolder = (set: TemplateSet, statement: Statement): boolean =>
  statement.owner.id.startsWith("keepaudit") &&
  statement.resources.every((resource) =>
    placeOf(set, statement, resource).path.endsWith("/audit/*"),
  );

/** Nobody can rewrite what was recorded; with the rules of the ledger and of what is locked. */
export const auditRules: readonly Rule[] = [
  {
    name: "who writes the ledger writes no end of the audit, and who writes those nothing else",
    findings: (set) =>
      writesLedger(set)
        .filter((statement) => !isDivided(statement))
        .map(({ owner }) => finding(owner, "it writes the ledger and the audit's end alike.")),
  },
  {
    name: "the audit's end is written by eight functions, of which three write nothing else",
    findings: (set) => [
      ...writesLedger(set)
        .filter((statement) => writesEnds(statement))
        .filter(({ owner }) => !RECORDS_AND_ACTS.test(owner.id) && !ONLY_RECORDS.test(owner.id))
        .map(({ owner }) => finding(owner, "it may write the audit's end.")),
      ...writesLedger(set)
        .filter((statement) => !writesEnds(statement))
        .filter(({ owner }) => ONLY_RECORDS.test(owner.id))
        .map(({ owner }) => finding(owner, "it may write more than the audit's end.")),
    ],
  },
  {
    name: "records of the audit are put by the function that keeps them, and by nobody else",
    findings: (set) =>
      statements(set)
        .filter((statement) => putsRecords(set, statement) && !isKeepersFolder(set, statement))
        .map(({ owner }) => finding(owner, "it may put records of the audit.")),
  },
];
