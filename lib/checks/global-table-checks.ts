import { Stack, type CfnResource } from "aws-cdk-lib";
import { CfnGlobalTable } from "aws-cdk-lib/aws-dynamodb";
import { NagMessageLevel, NagPack, NagRuleCompliance } from "cdk-nag";
import type { IConstruct } from "constructs";
import * as z from "zod";

const Replica = z.looseObject({
  region: z.string(),
  deletionProtectionEnabled: z.boolean().optional(),
  pointInTimeRecoverySpecification: z
    .looseObject({ pointInTimeRecoveryEnabled: z.boolean().optional() })
    .optional(),
  sseSpecification: z.looseObject({ kmsMasterKeyId: z.unknown() }).optional(),
});
type Replica = z.infer<typeof Replica>;

/** What is checked, each with the reason why it must hold. */
const REPLICA_RULES = [
  {
    name: "PointInTimeRecovery",
    info: "A replica has no point-in-time recovery.",
    explanation: "A bad write reaches every Region at once; only history brings the table back.",
    holds: (replica: Replica) =>
      replica.pointInTimeRecoverySpecification?.pointInTimeRecoveryEnabled === true,
  },
  {
    name: "DeletionProtection",
    info: "A replica can be deleted.",
    explanation: "Protection is set per replica, and one unprotected replica can be lost.",
    holds: (replica: Replica) => replica.deletionProtectionEnabled === true,
  },
  {
    name: "CustomerKey",
    info: "A replica is not encrypted with a customer-managed key.",
    explanation: "Each Region's replica has its own encryption, which is easily forgotten.",
    holds: (replica: Replica) => replica.sseSpecification?.kmsMasterKeyId !== undefined,
  },
] as const;

/**
 * What cdk-nag has no rules for: global tables are protected in every replica, and a strongly
 * consistent one has what AWS demands of it and CDK does not check.
 */
export class GlobalTableChecks extends NagPack {
  readonly name = "GlobalTables";

  constructor(scope?: IConstruct) {
    super(scope);
    this.packName = "GlobalTables";
  }

  protected checkResource(node: CfnResource): void {
    if (!(node instanceof CfnGlobalTable)) return;
    const level = NagMessageLevel.ERROR;
    const replicas = z.array(Replica).parse(Stack.of(node).resolve(node.replicas));
    for (const { name, info, explanation, holds } of REPLICA_RULES) {
      const rule = () => replicas.filter((replica) => !holds(replica)).map(({ region }) => region);
      this.applyRule({ ruleSuffixOverride: name, info, explanation, level, node, rule });
    }
    this.applyRule({
      ruleSuffixOverride: "StrongConsistency",
      info: "A strongly consistent table has not two replicas and a witness, or has an extra.",
      explanation: "It needs three Regions, and knows neither time to live nor local indexes.",
      level,
      node,
      rule: () => (isSoundIfStrong(node, replicas.length) ? COMPLIANT : NON_COMPLIANT),
    });
  }
}

const { COMPLIANT, NON_COMPLIANT } = NagRuleCompliance;

const isSoundIfStrong = (node: CfnGlobalTable, replicas: number): boolean => {
  if (node.multiRegionConsistency !== "STRONG") return true;
  const witnesses = z.array(z.unknown()).parse(Stack.of(node).resolve(node.globalTableWitnesses));
  const hasExtra =
    node.timeToLiveSpecification !== undefined ||
    Stack.of(node).resolve(node.localSecondaryIndexes) !== undefined;
  return replicas === 2 && witnesses.length === 1 && !hasExtra;
};
