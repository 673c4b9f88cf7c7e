import * as z from "zod";
import { jsonProtocol } from "./json-protocol.ts";
import {
  type ClientConfiguration,
  commandOf,
  namedError,
  ServiceClient,
  type ServiceCommand,
} from "./service-client.ts";

/**
 * What the bundles of functions hold in place of `@aws-sdk/client-dynamodb`: the same names and
 * shapes for the operations that the item store uses. Attribute values are JSON already.
 */
export class DynamoDBClient extends ServiceClient {
  constructor(configuration: ClientConfiguration) {
    super(configuration, jsonProtocol("dynamodb", "DynamoDB_20120810", "1.0", toError));
  }
}

/** A condition did not hold; the item as it stood, where the service gave it. */
export class ConditionalCheckFailedException extends Error {
  override readonly name = "ConditionalCheckFailedException";
  readonly Item: unknown;

  constructor(item: unknown) {
    super("The condition did not hold.");
    this.Item = item;
  }
}

const toError = (name: string, body: Readonly<Record<string, unknown>>): Error =>
  name === "ConditionalCheckFailedException"
    ? new ConditionalCheckFailedException(body["Item"])
    : namedError(name);

/** Reads one item. */
export const GetItemCommand = commandOf("GetItem");
/** Writes one item on a condition. */
export const PutItemCommand = commandOf("PutItem");
/** Adds to counters. */
export const UpdateItemCommand = commandOf("UpdateItem");
/** Reads a partition in order. */
export const QueryCommand = commandOf("Query");
/** Reads up to 100 items. */
export const BatchGetItemCommand = commandOf("BatchGetItem");
/** Writes up to 25 items. */
export const BatchWriteItemCommand = commandOf("BatchWriteItem");
/** Makes a table. */
export const CreateTableCommand = commandOf("CreateTable");
/** Asks how a table stands. */
export const DescribeTableCommand = commandOf("DescribeTable");
/** Takes a table away. */
export const DeleteTableCommand = commandOf("DeleteTable");
/** Asks how an export stands. */
export const DescribeExportCommand = commandOf("DescribeExport");
/** Has a table written to S3 as it was at a moment; the wire counts moments in seconds. */
export class ExportTableToPointInTimeCommand implements ServiceCommand {
  readonly operation = "ExportTableToPointInTime";
  readonly input: object;

  constructor(input: object) {
    this.input = z.looseObject({}).parse(inSeconds(input));
  }
}

const inSeconds = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inSeconds(each)]));
};
