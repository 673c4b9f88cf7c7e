import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { RetryableError } from "../../domain/fault.ts";
import type { Item, ItemKey } from "../stored/item-store.ts";
import type { BackOff } from "./back-off.ts";
import { chunksOf } from "./chunks-of.ts";
import {
  type Attributes,
  attributesToItem,
  itemToAttributes,
  keyToAttributes,
} from "./item-attributes.ts";

const ITEMS_PER_WRITE = 25;
const ITEMS_PER_READ = 100;
const TRIES_MAX = 5;

/** What a batch needs to know of its table. */
export type Batch = {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly isConsistent: boolean;
  readonly backOff: BackOff;
};

/** Stores items 25 at a time, the last of those with equal keys; tries the rest five times. */
export const batchPut = async (batch: Batch, items: readonly Item[]): Promise<void> => {
  await Promise.all(
    chunksOf(lastOfEachKey(items), ITEMS_PER_WRITE).map((chunk) => putChunk(batch, chunk)),
  );
};

/** Reads items 100 at a time; tries what the service left out five times. */
export const batchGet = async (
  batch: Batch,
  keys: readonly ItemKey[],
): Promise<readonly Item[]> => {
  const chunks = chunksOf(lastOfEachKey(keys), ITEMS_PER_READ);
  const found = await Promise.all(chunks.map((chunk) => getChunk(batch, chunk)));
  return found.flat();
};

type WriteRequests = NonNullable<BatchWriteItemCommandOutput["UnprocessedItems"]>[string];

const putChunk = async (batch: Batch, items: readonly Item[]): Promise<void> => {
  let rest: WriteRequests | undefined = items.map((item) => ({
    PutRequest: { Item: itemToAttributes(item) },
  }));
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const request: BatchWriteItemCommand = new BatchWriteItemCommand({
      RequestItems: { [batch.table]: rest },
    });
    const answer = await batch.client.send(request);
    rest = answer.UnprocessedItems?.[batch.table];
    if (rest === undefined || rest.length === 0) return;
    if (tries < TRIES_MAX) await batch.backOff(tries);
  }
  throw leftOver(rest?.length);
};

const getChunk = async (batch: Batch, keys: readonly ItemKey[]): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let rest: Attributes[] | undefined = keys.map(keyToAttributes);
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const request: BatchGetItemCommand = new BatchGetItemCommand({
      RequestItems: { [batch.table]: { Keys: rest, ConsistentRead: batch.isConsistent } },
    });
    const answer = await batch.client.send(request);
    items.push(...(answer.Responses?.[batch.table] ?? []).map(attributesToItem));
    rest = answer.UnprocessedKeys?.[batch.table]?.Keys;
    if (rest === undefined || rest.length === 0) return items;
    if (tries < TRIES_MAX) await batch.backOff(tries);
  }
  throw leftOver(rest?.length);
};

const leftOver = (count: number | undefined): RetryableError =>
  new RetryableError(`DynamoDB left out ${count ?? 0} items, ${TRIES_MAX} times in a row.`);

/** A batch that names a key twice is refused as a whole. */
const lastOfEachKey = <Keyed extends ItemKey>(keyed: readonly Keyed[]): readonly Keyed[] => [
  ...new Map(keyed.map((one) => [`${one.partition}\n${one.sort}`, one])).values(),
];
