import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { RetryableError } from "../../domain/fault.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { createHostRandom } from "../host/random.ts";
import type {
  ConditionFailed,
  Item,
  ItemKey,
  ItemQuery,
  ItemStore,
  PutCondition,
  RawItem,
} from "../stored/item-store.ts";
import { type BackOff, createBackOff } from "./back-off.ts";
import { batchGet, batchPut } from "./batch-items.ts";
import { chunksOf } from "./chunks-of.ts";
import {
  ATTRIBUTE,
  type Attributes,
  attributesToItem,
  attributesToRaw,
  COUNTER_PREFIX,
  expiryOf,
  itemToAttributes,
  keyToAttributes,
} from "./item-attributes.ts";
import { serviceFault } from "./service-fault.ts";

const QUERY_PAGES_MAX = 500;
/** DynamoDB takes an expression of 4 KB; so many additions stay well below. */
const COUNTERS_PER_WRITE = 100;

/** A table, and whether reads must see every write that was acknowledged before them. */
export type DynamoItemStoreOptions = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** `strong` unless stated; `eventual` costs half and suits telemetry alone. */
  readonly reads?: "strong" | "eventual";
  readonly backOff?: BackOff;
};

/** An item store in a DynamoDB table: each put is one conditional write on one item. */
export const createDynamoItemStore = (options: DynamoItemStoreOptions): ItemStore => {
  const { client, table } = options;
  const isConsistent = options.reads !== "eventual";
  const batch = { client, table, isConsistent, backOff: options.backOff ?? createHostBackOff() };
  const getAttributes = async (key: ItemKey): Promise<Attributes | undefined> => {
    const answer = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: keyToAttributes(key),
        ConsistentRead: isConsistent,
      }),
    );
    return answer.Item;
  };
  const get = async (key: ItemKey): Promise<Item | undefined> => {
    const attributes = await getAttributes(key);
    return attributes === undefined ? undefined : attributesToItem(attributes);
  };
  return {
    isTrusted: false,
    get: (key) => orFault(() => get(key)),
    getRaw: (key) =>
      orFault(async () => {
        const attributes = await getAttributes(key);
        return attributes === undefined ? undefined : attributesToRaw(attributes);
      }),
    put: (item, condition) =>
      orFault(async () => {
        try {
          await client.send(
            new PutItemCommand({
              TableName: table,
              Item: itemToAttributes(item),
              ...conditionInput(condition),
            }),
          );
          return ok(undefined);
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          // The old image is what the condition was compared with. A service that does not give
          // it is asked again: what stands there by then is as true an answer.
          const old = error.Item;
          return conditionFailed(old === undefined ? await get(item) : attributesToItem(old));
        }
      }),
    query: (query) => orFault(() => runQuery(client, table, isConsistent, query)),
    add: (key, increments, expiresAtMs) =>
      orFault(async () => {
        for (const counters of chunksOf(Object.entries(increments), COUNTERS_PER_WRITE)) {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: keyToAttributes(key),
              ...additionInput(counters, expiresAtMs),
            }),
          );
        }
      }),
    putMany: (items) => orFault(() => batchPut(batch, items)),
    getMany: (keys) => orFault(() => batchGet(batch, keys)),
  };
};

const createHostBackOff = (): BackOff => createBackOff(createHostRandom());

const conditionFailed = (current: Item | undefined): Result<never, ConditionFailed> =>
  err({ type: "ConditionFailed", current });

const conditionInput = (condition: PutCondition): Partial<PutItemCommandInput> => {
  if (condition.type === "none") return {};
  const givesOldImage = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
  if (condition.type === "absent") {
    return {
      ...givesOldImage,
      ConditionExpression: "attribute_not_exists(#partition)",
      ExpressionAttributeNames: { "#partition": ATTRIBUTE.partition },
    };
  }
  if (condition.type === "rawIs") return { ...givesOldImage, ...rawCondition(condition.raw) };
  return {
    ...givesOldImage,
    ConditionExpression: "#version = :version AND #epoch = :epoch",
    ExpressionAttributeNames: { "#version": ATTRIBUTE.version, "#epoch": ATTRIBUTE.epoch },
    ExpressionAttributeValues: {
      ":version": { N: condition.revision.version.toString() },
      ":epoch": { N: condition.revision.epoch.toString() },
    },
  };
};

/** Every attribute of the raw item as it is, or absent as it is. */
const rawCondition = ({ text, version, epoch }: RawItem): Partial<PutItemCommandInput> => {
  const expected: readonly (readonly [string, AttributeValue | undefined])[] = [
    [ATTRIBUTE.document, text === null ? undefined : { S: text }],
    [ATTRIBUTE.version, version === null ? undefined : { N: version.toString() }],
    [ATTRIBUTE.epoch, epoch === null ? undefined : { N: epoch.toString() }],
  ];
  const tests = expected.map(([name, value]) =>
    value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`,
  );
  const values = expected.flatMap(([name, value]) =>
    value === undefined ? [] : [[`:${name}`, value] as const],
  );
  return {
    ConditionExpression: ["attribute_exists(#partition)", ...tests].join(" AND "),
    ExpressionAttributeNames: {
      "#partition": ATTRIBUTE.partition,
      ...Object.fromEntries(expected.map(([name]) => [`#${name}`, name])),
    },
    ...(values.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
};

const additionInput = (counters: readonly (readonly [string, number])[], expiresAtMs: number) => ({
  UpdateExpression:
    "SET #expiresAt = :expiresAt " +
    `ADD ${counters.map((_, index) => `#${index} :${index}`).join(", ")}`,
  ExpressionAttributeNames: {
    "#expiresAt": ATTRIBUTE.expiresAt,
    ...Object.fromEntries(counters.map(([name], index) => [`#${index}`, COUNTER_PREFIX + name])),
  },
  ExpressionAttributeValues: {
    ":expiresAt": { N: expiryOf(expiresAtMs) },
    ...Object.fromEntries(
      counters.map(([, increment], index) => [`:${index}`, { N: increment.toString() }]),
    ),
  },
});

/** Reads pages until there are as many items as asked for. */
const runQuery = async (
  client: DynamoDBClient,
  table: string,
  isConsistent: boolean,
  query: ItemQuery,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let start: Attributes | undefined =
    query.after === undefined
      ? undefined
      : keyToAttributes({ partition: query.partition, sort: query.after });
  if (query.limit < 1) return items;
  for (let page = 0; page < QUERY_PAGES_MAX; page++) {
    const answer = await client.send(
      new QueryCommand({
        TableName: table,
        ...partitionInput(query),
        ScanIndexForward: query.direction === "forward",
        Limit: query.limit - items.length,
        ConsistentRead: isConsistent,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(answer.Items ?? []).map(attributesToItem));
    start = answer.LastEvaluatedKey;
    if (start === undefined || items.length >= query.limit) return items;
  }
  throw new RetryableError(`A query of DynamoDB took more than ${QUERY_PAGES_MAX} pages.`);
};

const partitionInput = (query: ItemQuery): Partial<QueryCommandInput> => {
  const hasPrefix = query.sortPrefix !== "";
  return {
    KeyConditionExpression: hasPrefix
      ? "#partition = :partition AND begins_with(#sort, :prefix)"
      : "#partition = :partition",
    ExpressionAttributeNames: {
      "#partition": ATTRIBUTE.partition,
      ...(hasPrefix ? { "#sort": ATTRIBUTE.sort } : {}),
    },
    ExpressionAttributeValues: {
      ":partition": { S: query.partition },
      ...(hasPrefix ? { ":prefix": { S: query.sortPrefix } } : {}),
    },
  };
};

const orFault = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    throw serviceFault("DynamoDB", error);
  }
};
