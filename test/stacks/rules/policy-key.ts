import {
  at,
  finding,
  list,
  resources,
  type Placed,
  type Rule,
  type TemplateSet,
} from "../template-set.ts";
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

/** Whoever is not refused, by key. */
const signers = (set: TemplateSet): readonly string[] =>
  resources(set, "AWS::KMS::Key")
    .filter(isForSignatures)
    .flatMap(({ properties }) => list(at(properties, "KeyPolicy", "Statement")))
    .flatMap((statement) => {
      const arn = at(statement, "Condition", "ArnNotEquals", "aws:PrincipalArn");
      return typeof arn === "string" ? [arn] : [];
    });

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
    name: "one role signs for every Region: a version is signed by all keys in one go",
    findings: (set) =>
      new Set(signers(set)).size <= 1 ? [] : [`These differ: ${signers(set).join(", ")}.`],
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
