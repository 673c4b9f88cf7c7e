import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createDynamoExports } from "../../../shared/adapters/aws/table-exports.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";

const TABLE = "arn:aws:dynamodb:us-east-2:111111111111:table/ledger";
const ARN = `${TABLE}/export/01234`;
const HOUR_MS = 3_600_000;
const WISH = { kind: "incremental", fromMs: 0, toMs: HOUR_MS } as const;

/** DynamoDB as far as exports need it; the emulator of the other tests knows none. */
const open = (answers: Readonly<Record<string, (input: unknown) => unknown>>) => {
  let nowMs = 10 * HOUR_MS;
  const asked: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const files = new Map<string, Uint8Array>();
  const send = async (command: { readonly constructor: { readonly name: string } }) => {
    const { name } = command.constructor;
    const input = Reflect.get(command, "input") as Record<string, unknown>;
    asked.push({ name, input });
    return answers[name]?.(input);
  };
  const exports = createDynamoExports({
    client: { send } as unknown as DynamoDBClient,
    clock: { nowMs: () => nowMs },
    tableArn: TABLE,
    table: "ledger",
    bucket: "locked",
    keyArn: "key",
    files: { read: async (key) => files.get(key) },
  });
  return { exports, asked, files, advance: (ms: number) => (nowMs += ms) };
};

const started = () => ({ ExportDescription: { ExportArn: ARN } });
const thrown = (name: string) => () => {
  throw Object.assign(new Error("said by AWS"), { name });
};

describe("exports by DynamoDB", () => {
  it("are the same one for the same attempt within an hour, and another for each other", async () => {
    const { exports, asked, advance } = open({ ExportTableToPointInTimeCommand: started });
    for (const attempt of [0, 0, 1]) {
      expect(await exports.start(WISH, attempt)).toEqual({ ok: true, value: ARN });
    }
    advance(HOUR_MS);
    await exports.start(WISH, 0);
    const tokens = asked.map(({ input }) => input["ClientToken"]);
    expect(tokens[0]).toBe(tokens[1]);
    expect(new Set(tokens).size).toBe(3);
  });

  it("are done once their summary stands in the bucket, whatever DynamoDB says", async () => {
    const { exports, asked, files } = open({});
    const manifestKey = "exports/ledger/AWSDynamoDB/01234/manifest-summary.json";
    files.set(manifestKey, new Uint8Array());
    expect(await exports.find(ARN)).toEqual({ type: "completed", exportId: "01234", manifestKey });
    expect(asked).toEqual([]);
  });

  it("are under way until DynamoDB gives them up, and then have its reason", async () => {
    let status = "IN_PROGRESS";
    const { exports } = open({
      DescribeExportCommand: () => ({
        ExportDescription: {
          ExportStatus: status,
          FailureCode: "S3NoSuchBucket",
          FailureMessage: "The bucket is gone",
        },
      }),
    });
    expect(await exports.find(ARN)).toEqual({ type: "running" });
    status = "FAILED";
    const detail = "S3NoSuchBucket, The bucket is gone.";
    expect(await exports.find(ARN)).toEqual({ type: "failed", detail });
  });

  it("wait where the table is younger than what is to be exported", async () => {
    const { exports } = open({
      ExportTableToPointInTimeCommand: thrown("InvalidExportTimeException"),
    });
    expect(await exports.start(WISH, 0)).toMatchObject({
      ok: false,
      error: {
        detail: expect.stringContaining("does not reach back to 1970-01-01T01:00") as string,
      },
    });
  });

  it("are a fault where DynamoDB does not answer", async () => {
    const { exports } = open({
      ExportTableToPointInTimeCommand: thrown("InternalServerError"),
      DescribeExportCommand: thrown("InternalServerError"),
    });
    await expect(exports.start(WISH, 0)).rejects.toThrow(RetryableError);
    await expect(exports.find(ARN)).rejects.toThrow(RetryableError);
  });
});
