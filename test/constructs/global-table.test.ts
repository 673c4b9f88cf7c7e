import { App, Stack, Validations } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { CfnGlobalTable } from "aws-cdk-lib/aws-dynamodb";
import { describe, expect, it } from "vitest";
import { GlobalTableChecks } from "../../lib/checks/global-table-checks.ts";
import { LedgerTable } from "../../lib/constructs/ledger-table.ts";
import { TelemetryTable } from "../../lib/constructs/telemetry-table.ts";
import { createFixture } from "./construct-fixture.ts";

const twoRegions = {
  type: "twoRegions",
  replicaRegion: "us-west-2",
  replicaKeyArn: "arn:aws:kms:us-west-2:111111111111:alias/tables",
  witnessRegion: "us-east-1",
} as const;

describe("the ledger's table", () => {
  it("is strong between two Regions and a witness, each replica with its Region's key", () => {
    const { stack, key } = createFixture();
    const { table } = new LedgerTable(stack, "ledger", { layout: twoRegions, key });
    expect(table.encryptionKey).toBe(key);
    const template = Template.fromStack(stack);
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      MultiRegionConsistency: "STRONG",
      GlobalTableWitnesses: [{ Region: "us-east-1" }],
      TimeToLiveSpecification: Match.absent(),
      Replicas: Match.arrayWith([
        Match.objectLike({
          Region: "us-west-2",
          SSESpecification: { KMSMasterKeyId: twoRegions.replicaKeyArn },
        }),
      ]),
    });
  });

  it("is an ordinary table in one Region, protected as well", () => {
    const { stack, key } = createFixture();
    const { table } = new LedgerTable(stack, "ledger", { layout: { type: "oneRegion" }, key });
    expect(table.encryptionKey).toBe(key);
    Template.fromStack(stack).hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      MultiRegionConsistency: Match.absent(),
      GlobalTableWitnesses: Match.absent(),
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: true,
            RecoveryPeriodInDays: 35,
          },
        }),
      ],
    });
  });
});

describe("telemetry's table", () => {
  it("forgets, and is eventually consistent between the Regions", () => {
    const { stack, key } = createFixture();
    const { table } = new TelemetryTable(stack, "telemetry", { layout: twoRegions, key });
    expect(table.encryptionKey).toBe(key);
    Template.fromStack(stack).hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      MultiRegionConsistency: "EVENTUAL",
      GlobalTableWitnesses: Match.absent(),
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    });
  });
});

type Replica = CfnGlobalTable.ReplicaSpecificationProperty;
const sound: Replica = {
  region: "us-east-2",
  deletionProtectionEnabled: true,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  sseSpecification: { kmsMasterKeyId: "key" },
};
const { sseSpecification: _, ...withoutKey } = sound;

const findingsFor = (properties: Partial<ConstructorParameters<typeof CfnGlobalTable>[2]>) => {
  const stack = new Stack(new App(), "stack");
  const table = new CfnGlobalTable(stack, "table", {
    attributeDefinitions: [{ attributeName: "partition", attributeType: "S" }],
    keySchema: [{ attributeName: "partition", keyType: "HASH" }],
    replicas: [sound],
    ...properties,
  });
  const report = () =>
    new GlobalTableChecks().validateScope(stack).violations.map(({ ruleName }) => ruleName);
  return { table, report };
};

describe("the checks for global tables", () => {
  const strong = {
    multiRegionConsistency: "STRONG",
    replicas: [sound, { ...sound, region: "us-west-2" }],
    globalTableWitnesses: [{ region: "us-east-1" }],
  };

  it.each([
    ["a sound table", {}],
    [
      "a sound table with two replicas and a witness",
      { ...strong, replicas: [...strong.replicas] },
    ],
  ])("find nothing in %s", (_name, properties) => {
    expect(findingsFor(properties).report()).toEqual([]);
  });

  it.each([
    [
      "a replica that can be deleted",
      { replicas: [{ ...sound, deletionProtectionEnabled: false }] },
      "GlobalTables-DeletionProtection[us-east-2]",
    ],
    [
      "a replica without history",
      {
        replicas: [
          sound,
          {
            ...sound,
            region: "us-west-2",
            pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
          },
        ],
      },
      "GlobalTables-PointInTimeRecovery[us-west-2]",
    ],
    [
      "a replica without a customer key",
      { replicas: [withoutKey] },
      "GlobalTables-CustomerKey[us-east-2]",
    ],
    [
      "a strong table without a witness",
      { ...strong, globalTableWitnesses: [] },
      "GlobalTables-StrongConsistency",
    ],
    [
      "a strong table that forgets",
      { ...strong, timeToLiveSpecification: { enabled: true, attributeName: "expiresAt" } },
      "GlobalTables-StrongConsistency",
    ],
    [
      "a strong table with one replica",
      { ...strong, replicas: [sound] },
      "GlobalTables-StrongConsistency",
    ],
  ])("find %s", (_name, properties, rule) => {
    expect(findingsFor(properties as object).report()).toEqual([rule]);
  });

  it("accept a finding only with its reason", () => {
    const { table, report } = findingsFor({ replicas: [withoutKey] });
    const reason = "This table holds nothing but public prices.";
    Validations.of(table).acknowledge({ id: "GlobalTables-CustomerKey[us-east-2]", reason });
    expect(report()).toEqual([]);
  });
});
