import {
  DescribeTableCommand,
  type DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import type { RestoreTarget } from "../../ports/restore-target.ts";
import {
  createDynamoRestoreTarget,
  type DynamoRestoreTargetOptions,
  isActive,
  type TableDescription,
  untilReady,
} from "./restore-target.ts";
import { serviceFault } from "./service-fault.ts";

/** A replica of a strongly consistent table takes minutes; a look waits for half a second. */
const REPLICA_LOOKS_MAX = 1_800;
const RECOVERY_DAYS = 35;

/** What makes a table as strongly consistent as the one that was lost. */
export type SecondRegion = {
  readonly region: string;
  readonly witness: string;
  /** Speaks to the second Region: what protects a table is set in each. */
  readonly client: DynamoDBClient;
};

/** A new table that is to be traded on. */
export type KeptRestoreTargetOptions = DynamoRestoreTargetOptions & {
  /** Absent where the table is to be in one Region alone. */
  readonly second?: SecondRegion | undefined;
};

/**
 * A table of DynamoDB that takes the ledger's place: with its replica and witness from the
 * beginning, since one that holds items can get none that is strongly consistent; and with what
 * protects a ledger, in each Region, once it is whole.
 */
export const createKeptRestoreTarget = (options: KeptRestoreTargetOptions): RestoreTarget => {
  const { second } = options;
  const target = createDynamoRestoreTarget(options);
  return {
    ...target,
    create: async () => {
      const created = await target.create();
      if (created.ok && second !== undefined) await addReplica(options, second);
      return created;
    },
    commit: () => protect(options),
    discard: async () => {
      if (second !== undefined) await removeReplica(options, second);
      await target.discard();
    },
  };
};

const isReplicated = (table: TableDescription): boolean => {
  const { Replicas: replicas = [], GlobalTableWitnesses: witnesses = [] } = table ?? {};
  const states = [
    ...replicas.map(({ ReplicaStatus }) => ReplicaStatus),
    ...witnesses.map(({ WitnessStatus }) => WitnessStatus),
  ];
  return isActive(table) && states.length >= 2 && states.every((state) => state === "ACTIVE");
};

const isAlone = (table: TableDescription): boolean =>
  isActive(table) && (table?.Replicas ?? []).length === 0;

/** Makes the empty table one of two Regions and a witness, whose every read can be strong. */
const addReplica = async (
  options: KeptRestoreTargetOptions,
  { region, witness }: SecondRegion,
): Promise<void> => {
  const { client, name, keyArn } = options;
  const key = keyArn === undefined ? {} : { KMSMasterKeyId: keyArn };
  const update = {
    TableName: name,
    MultiRegionConsistency: "STRONG" as const,
    ReplicaUpdates: [{ Create: { RegionName: region, ...key } }],
    GlobalTableWitnessUpdates: [{ Create: { RegionName: witness } }],
  };
  await sent(() => client.send(new UpdateTableCommand(update)));
  await untilReady(options, isReplicated, REPLICA_LOOKS_MAX);
};

/** A table goes only when it is of one Region again, which takes replica and witness at once. */
const removeReplica = async (
  options: KeptRestoreTargetOptions,
  { region, witness }: SecondRegion,
): Promise<void> => {
  const { client, name } = options;
  const described = await sent(() => client.send(new DescribeTableCommand({ TableName: name })));
  if (described.Table?.Replicas === undefined || described.Table.Replicas.length === 0) return;
  const update = {
    TableName: name,
    ReplicaUpdates: [{ Delete: { RegionName: region } }],
    GlobalTableWitnessUpdates: [{ Delete: { RegionName: witness } }],
  };
  await sent(() => client.send(new UpdateTableCommand(update)));
  await untilReady(options, isAlone, REPLICA_LOOKS_MAX);
};

/** What a ledger needs before anybody trades on it, in each Region where it is. */
const protect = async (options: KeptRestoreTargetOptions): Promise<void> => {
  const { client, name, second } = options;
  const recovery = {
    TableName: name,
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: true,
      RecoveryPeriodInDays: RECOVERY_DAYS,
    },
  };
  const protection = { TableName: name, DeletionProtectionEnabled: true };
  for (const each of second === undefined ? [client] : [client, second.client]) {
    await sent(() => each.send(new UpdateContinuousBackupsCommand(recovery)));
    await sent(() => each.send(new UpdateTableCommand(protection)));
    await untilReady({ ...options, client: each }, isActive);
  }
};

const sent = async <Answer>(send: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await send();
  } catch (error) {
    throw serviceFault("DynamoDB", error);
  }
};
