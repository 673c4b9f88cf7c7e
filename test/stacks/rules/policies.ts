import { at, finding, list, resources, target, type Placed, type Rule } from "../template-set.ts";
import type { TemplateSet } from "../template-set.ts";
import { statements, type Statement } from "./statements.ts";

/** Under this id our own constructs give reasons for policies that cdk-nag does not look at. */
const RESOURCE_POLICY_WILDCARD = "Holdfast-ResourceWildcard";

/** A reason counts if it stands in the template, for this very wildcard, and is a sentence. */
const hasReason = ({ type, resource }: Placed, wildcard: string): boolean => {
  const wanted = type.startsWith("AWS::IAM::")
    ? `AwsSolutions-IAM5[${wildcard}]`
    : RESOURCE_POLICY_WILDCARD;
  return (resource.Metadata.cdk_nag?.rules_to_suppress ?? []).some(
    ({ id, reason }) => id === wanted && reason.split(" ").length >= 5,
  );
};

const isAccountRoot = (principal: unknown): boolean =>
  JSON.stringify(at(principal, "AWS") ?? "").includes(":root");

const wildcardFindings = (statement: Statement): readonly string[] => {
  const { owner, actions, principal } = statement;
  const isKeyPolicy = owner.type === "AWS::KMS::Key";
  const badActions = actions
    .filter((action) => action.includes("*"))
    // The account's administrators, and no role by this alone: AWS asks for it in every key policy.
    .filter(() => !(isKeyPolicy && isAccountRoot(principal)))
    .filter((action) => !hasReason(owner, `Action::${action}`));
  const badResources = statement.resources
    .map((resource) => (typeof resource === "string" ? resource : JSON.stringify(resource)))
    .filter((resource) => resource.includes("*"))
    // In a key's own policy `*` is the key.
    .filter(() => !isKeyPolicy)
    .filter((resource) => !hasReason(owner, `Resource::${resource}`));
  return [...badActions, ...badResources].map((wildcard) =>
    finding(owner, `${wildcard} is allowed without a reason.`),
  );
};

/** By key, item by item; and exports, which DynamoDB itself writes into the locked bucket. */
const LEDGER_ACTIONS = [
  "dynamodb:DescribeExport",
  "dynamodb:ExportTableToPointInTime",
  "dynamodb:GetItem",
  "dynamodb:PutItem",
  "dynamodb:Query",
];

/** A restore test makes and deletes tables of its own, whose names no live one can have. */
const isOfTestTables = ({ resources: named }: Statement): boolean =>
  named.every((resource) => JSON.stringify(resource).includes(":table/holdfast-restored-test-*"));

/**
 * The names under which policies know the ledger: its reference, its name in another Region, or
 * that of the restored table which is used in its place.
 */
export const isLedger = (set: TemplateSet, { owner }: Statement, resource: unknown): boolean => {
  const ledgers = resources(set, "AWS::DynamoDB::GlobalTable").filter(
    ({ properties }) => properties["TimeToLiveSpecification"] === undefined,
  );
  const text = JSON.stringify(resource);
  if (/:table\/holdfast-restored-(?!test-)/.test(text)) return true;
  const parts = list(at(resource, "Fn::Join", 1)).map((part) => target(set, owner.stack, part));
  return ledgers.some(
    (ledger) =>
      (typeof ledger.properties["TableName"] === "string" &&
        text.includes(ledger.properties["TableName"])) ||
      [...parts, target(set, owner.stack, resource)].some(
        (place) => place?.id === ledger.id && place.stack.name === ledger.stack.name,
      ),
  );
};

/** Fault Injection Service pauses the replication of the table; it reads and writes no item. */
const isOfExperiments = (set: TemplateSet, { stack, properties }: Placed): boolean =>
  list(properties["Roles"])
    .map((role) => target(set, stack, role))
    .some((role) =>
      JSON.stringify(role?.properties["AssumeRolePolicyDocument"]).includes("fis.amazonaws.com"),
    );

/** What nobody may be allowed. */
export const policyRules: readonly Rule[] = [
  {
    name: "no wildcard is allowed in any policy without its reason",
    findings: (set) =>
      statements(set)
        .filter(({ isAllow }) => isAllow)
        .flatMap(wildcardFindings),
  },
  {
    name: "no role has a policy that AWS manages",
    findings: (set) =>
      resources(set, "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
        .filter(({ properties }) => list(properties["ManagedPolicyArns"]).length > 0)
        .map((role) => finding(role, "AWS decides what it may do.")),
  },
  {
    name: "the ledger is only read by key and written item by item",
    findings: (set) =>
      statements(set)
        .filter(({ isAllow }) => isAllow)
        .filter((statement) =>
          statement.resources.some((resource) => isLedger(set, statement, resource)),
        )
        .filter(({ owner }) => !isOfExperiments(set, owner))
        .flatMap(({ owner, actions }) =>
          actions
            .filter((action) => !LEDGER_ACTIONS.includes(action))
            .map((action) => finding(owner, `${action} is allowed on the ledger.`)),
        ),
  },
  {
    name: "nobody may scan, delete items or delete a table that is not a test's own",
    findings: (set) =>
      statements(set)
        .filter(({ isAllow }) => isAllow)
        .filter((statement) => !isOfTestTables(statement))
        .flatMap(({ owner, actions }) =>
          actions
            .filter((action) => /^dynamodb:(Scan|Delete(?!ResourcePolicy)|PartiQL)/.test(action))
            .map((action) => finding(owner, `${action} is allowed.`)),
        ),
  },
  {
    name: "nothing is open to everyone",
    findings: (set) => [
      ...statements(set)
        .filter(({ isAllow, principal }) => isAllow && isEveryone(principal))
        .map(({ owner }) => finding(owner, "it lets everyone in.")),
      ...resources(set, "AWS::Lambda::Permission")
        .filter(({ properties }) => properties["Principal"] === "*")
        .map((permission) => finding(permission, "everyone may invoke the function.")),
      ...resources(set, "AWS::Lambda::Url").map((url) =>
        finding(url, "functions have no address."),
      ),
    ],
  },
  {
    name: "a service's role trusts that service for this account only",
    findings: (set) =>
      resources(set, "AWS::IAM::Role")
        .filter(({ properties }) =>
          /scheduler|states|fis|codedeploy/.test(
            JSON.stringify(at(properties, "AssumeRolePolicyDocument")),
          ),
        )
        .filter(
          ({ properties }) =>
            !JSON.stringify(at(properties, "AssumeRolePolicyDocument")).includes(
              "aws:SourceAccount",
            ),
        )
        .map((role) => finding(role, "another account's resources could use it.")),
  },
];

const isEveryone = (principal: unknown): boolean =>
  principal === "*" || list(at(principal, "AWS")).includes("*");
