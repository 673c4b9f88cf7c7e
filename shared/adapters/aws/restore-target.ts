import {
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DescribeTableCommandOutput,
  type DynamoDBClient,
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
/** A new table in DynamoDB. */
export type DynamoRestoreTargetOptions = {
  readonly client: DynamoDBClient;
  /** Begins with `RESTORED_PREFIX`; whatever else is named is refused before DynamoDB is asked. */
  readonly name: string;
  /** The customer's own key, or its alias, by the same name in each Region; absent: DynamoDB's. */
  readonly keyArn?: string | undefined;
  readonly backOff: BackOff;
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
      await untilReady(options, isActive);
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
    commit: async () => undefined,
    discard: async () => {
      mustBeAllowed();
      try {
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

/** What DynamoDB says of a table; undefined where it says nothing. */
export type TableDescription = DescribeTableCommandOutput["Table"];

/** Whether it can be read and written, or changed once more. */
export const isActive = (table: TableDescription): boolean => table?.TableStatus === "ACTIVE";

/**
 * Waits until a table stands as it is to; throws `RetryableError` when it does not come to that.
 */
export const untilReady = async (
  { client, name, backOff }: Pick<DynamoRestoreTargetOptions, "client" | "name" | "backOff">,
  isReady: (table: TableDescription) => boolean,
  looksMax = LOOKS_MAX,
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
