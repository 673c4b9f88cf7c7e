import { at, finding, list, resources, type Placed, type Rule } from "../template-set.ts";
import { statements } from "./statements.ts";

const isForSignatures = ({ properties }: Placed): boolean =>
  properties["KeyUsage"] === "SIGN_VERIFY";

const refusesOthers = ({ properties }: Placed): boolean =>
  list(at(properties, "KeyPolicy", "Statement")).some(
    (statement) =>
      at(statement, "Effect") === "Deny" &&
      at(statement, "Principal", "AWS") === "*" &&
      list(at(statement, "Action")).includes("kms:Sign") &&
      typeof at(statement, "Condition", "ArnNotEquals", "aws:PrincipalArn") === "string",
  );

const SIGNS = /^(\*|kms:(\*|Sign.*|S\*))$/;

/** Who may sign what limits risk. */
export const policyKeyRules: readonly Rule[] = [
  {
    name: "the key that signs policies answers one role alone",
    findings: (set) =>
      resources(set, "AWS::KMS::Key")
        .filter((key) => isForSignatures(key) && !refusesOthers(key))
        .map((key) => finding(key, "others than its signer are not refused.")),
  },
  {
    name: "no role of ours may sign",
    findings: (set) =>
      statements(set)
        .filter(({ owner }) => owner.type !== "AWS::KMS::Key")
        .filter(({ isAllow, actions }) => isAllow && actions.some((action) => SIGNS.test(action)))
        .map(({ owner }) => finding(owner, "it may sign policies.")),
  },
];
