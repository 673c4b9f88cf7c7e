import { RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AttributeType,
  Billing,
  MultiRegionConsistency,
  TableEncryptionV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { allow } from "./allow.ts";

/** Where the tables live: one Region, or two that both trade and a third that only votes. */
export type TableLayout =
  | { readonly type: "oneRegion" }
  | {
      readonly type: "twoRegions";
      readonly replicaRegion: string;
      /** Keys of the replica's Region, by an ARN that is known before that Region is deployed. */
      readonly replicaKeyArn: string;
      readonly witnessRegion: string;
    };

/** What a table needs besides its layout. */
export type GlobalTableProps = {
  readonly layout: TableLayout;
  readonly key: IKey;
  /** The table that is used in place of this one, by its name in each Region; this one stays. */
  readonly adopted?: string | undefined;
};

/** What differs between the tables. */
type TableNature = {
  readonly isStronglyConsistent: boolean;
  readonly timeToLiveAttribute?: string;
  readonly readActions: readonly string[];
  readonly writeActions: readonly string[];
  /** What a write has to satisfy; nothing where it is left out. */
  readonly writeConditions?: Readonly<Record<string, unknown>>;
};

/** The partition and sort key of both tables, as the item store names them. */
const KEYS = { partition: "partition", sort: "sort" } as const;

/**
 * A table that outlives mistakes: point-in-time recovery and deletion protection in each Region,
 * a customer-managed key of that Region, retained when its stack goes.
 */
export class GlobalTable extends Construct {
  /** What everything reads and writes, under one name in each Region. */
  readonly tableName: string;
  /** What the stack itself made, whether it is used or not. */
  readonly table: TableV2;
  readonly #nature: TableNature;

  protected constructor(
    scope: Construct,
    id: string,
    { layout, key, nature, adopted }: GlobalTableProps & { readonly nature: TableNature },
  ) {
    super(scope, id);
    this.#nature = nature;
    this.table = new TableV2(this, "table", {
      partitionKey: { name: KEYS.partition, type: AttributeType.STRING },
      sortKey: { name: KEYS.sort, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: 35,
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(nature.timeToLiveAttribute === undefined
        ? {}
        : { timeToLiveAttribute: nature.timeToLiveAttribute }),
      ...replication(layout, key, nature),
    });
    this.tableName = adopted ?? this.table.tableName;
  }

  /** Allows to read the table in the grantee's own Region, under that Region's key. */
  grantRead(grantee: IGrantable & Construct, key: IKey): void {
    allow(grantee, this.#nature.readActions, [this.arnFor(grantee)]);
    allowKey(grantee, key, ["kms:Decrypt", "kms:DescribeKey"]);
  }

  /** Allows to read and write the table in the grantee's own Region, under that Region's key. */
  grantReadWrite(grantee: IGrantable & Construct, key: IKey): void {
    const { readActions, writeConditions } = this.#nature;
    allow(grantee, readActions, [this.arnFor(grantee)]);
    this.allowWrite(grantee, key, writeConditions ?? {});
  }

  /** Allows to write what satisfies the conditions, in the grantee's own Region. */
  protected allowWrite(
    grantee: IGrantable & Construct,
    key: IKey,
    conditions: Readonly<Record<string, unknown>>,
  ): void {
    const statement = new PolicyStatement({
      actions: [...this.#nature.writeActions],
      resources: [this.arnFor(grantee)],
      conditions,
    });
    grantee.grantPrincipal.addToPrincipalPolicy(statement);
    allowKey(grantee, key, [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ]);
  }

  /** A global table has one name everywhere, and an ARN in each Region: that of the grantee's. */
  arnFor(grantee: Construct): string {
    const [own, theirs] = [Stack.of(this), Stack.of(grantee)];
    const isAdopted = this.tableName !== this.table.tableName;
    // The table has a name of its own because another Region knows it by that. While another one is
    // used it must not lose it: CloudFormation would replace the table.
    if (isAdopted) theirs.resolve(this.table.tableName);
    const isImported = !isAdopted && own.region === theirs.region;
    return theirs.formatArn({
      service: "dynamodb",
      resource: "table",
      resourceName: isImported ? own.exportValue(this.tableName) : this.tableName,
    });
  }
}

const replication = (layout: TableLayout, key: IKey, nature: TableNature) => {
  if (layout.type === "oneRegion") return { encryption: TableEncryptionV2.customerManagedKey(key) };
  const { replicaRegion, replicaKeyArn, witnessRegion } = layout;
  return {
    encryption: TableEncryptionV2.customerManagedKey(key, { [replicaRegion]: replicaKeyArn }),
    replicas: [{ region: replicaRegion }],
    ...(nature.isStronglyConsistent
      ? { multiRegionConsistency: MultiRegionConsistency.STRONG, witnessRegion }
      : { multiRegionConsistency: MultiRegionConsistency.EVENTUAL }),
  };
};

/** Only through DynamoDB may the role use the key: never to open what it copied elsewhere. */
const allowKey = (grantee: IGrantable & Construct, key: IKey, actions: readonly string[]): void => {
  const statement = new PolicyStatement({
    actions: [...actions],
    resources: [key.keyArn],
    conditions: {
      StringEquals: { "kms:ViaService": `dynamodb.${Stack.of(grantee).region}.amazonaws.com` },
    },
  });
  grantee.grantPrincipal.addToPrincipalPolicy(statement);
};
