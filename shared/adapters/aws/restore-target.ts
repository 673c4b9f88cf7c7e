import {
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DescribeTableCommandOutput,
  type DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { RESTORED_PREFIX } from "../../domain/backup/restored-table.ts";
import type { TableChange, TableItem } from "../../domain/backup/table-item.ts";
import { RetryableError } from "../../domain/fault.ts";
import { err, ok } from "../../domain/result.ts";
import type { RestoreTarget } from "../../ports/restore-target.ts";
import { createHeldCells, holdCells } from "../backup/held-cells.ts";
import { createStoredAuditHeads } from "../stored/audit-heads.ts";
import { createStoredLedger } from "../stored/ledger.ts";
import type { BackOff } from "./back-off.ts";
import { chunksOf } from "./chunks-of.ts";
import { ATTRIBUTE } from "./item-attributes.ts";
import { createDynamoItemStore } from "./item-store.ts";
import { errorName, serviceFault } from "./service-fault.ts";

const ITEMS_PER_WRITE = 25;
const WRITES_AT_ONCE = 8;
const TRIES_MAX = 8;
const LOOKS_MAX = 120;
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

/** A new table in DynamoDB. */
export type DynamoRestoreTargetOptions = {
  readonly client: DynamoDBClient;
  /** Begins with `RESTORED_PREFIX`; whatever else is named is refused before DynamoDB is asked. */
  readonly name: string;
  /** The customer's own key, or its alias, by the same name in each Region; absent: DynamoDB's. */
  readonly keyArn?: string | undefined;
  /** Where else it is; a table that holds items can have no strongly consistent replica any more. */
  readonly second?: SecondRegion | undefined;
  readonly backOff: BackOff;
  /** It is to be traded on: it gets what protects a ledger. */
  readonly isKept?: boolean;
  /** One that is there was made by this very test before, which goes on with it. */
  readonly mayExist?: boolean;
};

/** A table of DynamoDB that is made for a restore, and filled as fast as it takes items. */
export const createDynamoRestoreTarget = (options: DynamoRestoreTargetOptions): RestoreTarget => {
  const { client, name, backOff } = options;
  const isAllowed = name.startsWith(RESTORED_PREFIX);
  const mustBeAllowed = (): void => {
    if (!isAllowed) throw new RetryableError(`${name} is no table that a restore may touch.`);
  };
  return {
    name,
    create: async () => {
      if (!isAllowed) {
        const detail = `The table ${name} must be named ${RESTORED_PREFIX}...: no live one is.`;
        return err({ detail });
      }
      try {
        await client.send(new CreateTableCommand(tableInput(options)));
      } catch (error) {
        if (errorName(error) !== "ResourceInUseException") throw serviceFault("DynamoDB", error);
        const detail = `The table ${name} exists. A restore makes a new table; name another.`;
        if (options.mayExist !== true) return err({ detail });
      }
      await untilReady(options, isActive, LOOKS_MAX);
      if (options.second !== undefined) await addReplica(options, options.second);
      return ok(undefined);
    },
    apply: async (changes) => {
      mustBeAllowed();
      const requests = requestsOf(holdCells(changes));
      for (const batch of chunksOf(requests, ITEMS_PER_WRITE * WRITES_AT_ONCE)) {
        await Promise.all(
          chunksOf(batch, ITEMS_PER_WRITE).map((chunk) => writeChunk(options, [...chunk])),
        );
      }
    },
    open: async () => {
      const store = createDynamoItemStore({ client, table: name, reads: "strong", backOff });
      const items = createHeldCells(store);
      return { ledger: createStoredLedger(items), heads: createStoredAuditHeads(items) };
    },
    commit: async () => {
      if (options.isKept === true) await protect(options);
    },
    discard: async () => {
      mustBeAllowed();
      try {
        if (options.second !== undefined) await removeReplica(options, options.second);
        await client.send(new DeleteTableCommand({ TableName: name }));
      } catch (error) {
        if (errorName(error) === "ResourceNotFoundException") return;
        throw serviceFault("DynamoDB", error);
      }
    },
  };
};

const tableInput = ({ name, keyArn }: DynamoRestoreTargetOptions) => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [
    { AttributeName: ATTRIBUTE.partition, AttributeType: "S" as const },
    { AttributeName: ATTRIBUTE.sort, AttributeType: "S" as const },
  ],
  KeySchema: [
    { AttributeName: ATTRIBUTE.partition, KeyType: "HASH" as const },
    { AttributeName: ATTRIBUTE.sort, KeyType: "RANGE" as const },
  ],
  ...(keyArn === undefined
    ? {}
    : { SSESpecification: { Enabled: true, SSEType: "KMS" as const, KMSMasterKeyId: keyArn } }),
});

type Description = DescribeTableCommandOutput["Table"];

const isActive = (table: Description): boolean => table?.TableStatus === "ACTIVE";

const isReplicated = (table: Description): boolean => {
  const { Replicas: replicas = [], GlobalTableWitnesses: witnesses = [] } = table ?? {};
  const states = [
    ...replicas.map(({ ReplicaStatus }) => ReplicaStatus),
    ...witnesses.map(({ WitnessStatus }) => WitnessStatus),
  ];
  return isActive(table) && states.length >= 2 && states.every((state) => state === "ACTIVE");
};

const untilReady = async (
  { client, name, backOff }: Pick<DynamoRestoreTargetOptions, "client" | "name" | "backOff">,
  isReady: (table: Description) => boolean,
  looksMax: number,
): Promise<void> => {
  for (let look = 1; look <= looksMax; look++) {
    try {
      const answer = await client.send(new DescribeTableCommand({ TableName: name }));
      if (isReady(answer.Table)) return;
    } catch (error) {
      // It may not be seen yet where it is asked for.
      if (errorName(error) !== "ResourceNotFoundException") throw serviceFault("DynamoDB", error);
    }
    await backOff(look);
  }
  throw new RetryableError(`The table ${name} is not ready yet.`);
};

/** Makes the empty table one of two Regions and a witness, whose every read can be strong. */
const addReplica = async (
  options: DynamoRestoreTargetOptions,
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
  try {
    await client.send(new UpdateTableCommand(update));
  } catch (error) {
    throw serviceFault("DynamoDB", error);
  }
  await untilReady(options, isReplicated, REPLICA_LOOKS_MAX);
};

const isAlone = (table: Description): boolean =>
  isActive(table) && (table?.Replicas ?? []).length === 0;

/** A table goes only when it is of one Region again, which takes replica and witness at once. */
const removeReplica = async (
  options: DynamoRestoreTargetOptions,
  { region, witness }: SecondRegion,
): Promise<void> => {
  const { client, name } = options;
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
  if ((table?.Replicas ?? []).length === 0) return;
  const update = {
    TableName: name,
    ReplicaUpdates: [{ Delete: { RegionName: region } }],
    GlobalTableWitnessUpdates: [{ Delete: { RegionName: witness } }],
  };
  await client.send(new UpdateTableCommand(update));
  await untilReady(options, isAlone, REPLICA_LOOKS_MAX);
};

/** What a ledger needs before anybody trades on it, in each Region where it is. */
const protect = async (options: DynamoRestoreTargetOptions): Promise<void> => {
  const { client, name, second } = options;
  for (const each of second === undefined ? [client] : [client, second.client]) {
    try {
      await each.send(
        new UpdateContinuousBackupsCommand({
          TableName: name,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: true,
            RecoveryPeriodInDays: RECOVERY_DAYS,
          },
        }),
      );
      const update = { TableName: name, DeletionProtectionEnabled: true };
      await each.send(new UpdateTableCommand(update));
    } catch (error) {
      throw serviceFault("DynamoDB", error);
    }
    await untilReady({ ...options, client: each }, isActive, LOOKS_MAX);
  }
};

type WriteRequests = NonNullable<BatchWriteItemCommandOutput["UnprocessedItems"]>[string];

/** The last change of each key: a batch that names one twice is refused as a whole. */
const requestsOf = (changes: readonly TableChange[]): WriteRequests => {
  const requests = new Map<string, WriteRequests[number]>();
  for (const change of changes) {
    const image = change.type === "put" ? change.item : change.key;
    const request =
      change.type === "put"
        ? { PutRequest: { Item: { ...change.item } } }
        : { DeleteRequest: { Key: { ...change.key } } };
    requests.set(keyOf(image), request);
  }
  return [...requests.values()];
};

const keyOf = (image: TableItem): string =>
  JSON.stringify([image[ATTRIBUTE.partition], image[ATTRIBUTE.sort]]);

const writeChunk = async (
  { client, name, backOff }: DynamoRestoreTargetOptions,
  requests: WriteRequests,
): Promise<void> => {
  let rest: WriteRequests | undefined = requests;
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    try {
      const command: BatchWriteItemCommand = new BatchWriteItemCommand({
        RequestItems: { [name]: rest },
      });
      const answer = await client.send(command);
      rest = answer.UnprocessedItems?.[name];
    } catch (error) {
      if (tries === TRIES_MAX) throw serviceFault("DynamoDB", error);
    }
    if (rest === undefined || rest.length === 0) return;
    await backOff(tries);
  }
  throw new RetryableError(`DynamoDB left out ${rest.length} items, ${TRIES_MAX} times in a row.`);
};
