import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createKeptRestoreTarget } from "../../../shared/adapters/aws/kept-restore-target.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";

const NAME = "holdfast-restored-1";
const atOnce = async (): Promise<void> => undefined;

type Sent = { readonly to: string; readonly name: string; readonly input: Record<string, unknown> };

/** DynamoDB in two Regions as far as tables go; the emulator knows no second one. */
const openRegions = (failing?: string) => {
  const sent: Sent[] = [];
  let table: Record<string, unknown> | undefined;
  let looks = 0;
  const clientOf = (to: string): DynamoDBClient => {
    const send = async (command: { readonly constructor: { readonly name: string } }) => {
      const { name } = command.constructor;
      const input = Reflect.get(command, "input") as Record<string, unknown>;
      sent.push({ to, name, input });
      if (name === failing) throw Object.assign(new Error("said by AWS"), { name: "Throttled" });
      if (name === "CreateTableCommand") table = { TableStatus: "ACTIVE" };
      if (name === "DeleteTableCommand") table = undefined;
      const updates = JSON.stringify(input["ReplicaUpdates"] ?? []);
      if (updates.includes("Create"))
        table = { TableStatus: "UPDATING", ...replicated("CREATING") };
      if (updates.includes("Delete")) table = { TableStatus: "ACTIVE" };
      // It takes its time, and the witness the longest.
      if (name === "DescribeTableCommand" && table?.["Replicas"] !== undefined) {
        looks += 1;
        const state = looks > 2 ? "ACTIVE" : "CREATING";
        table = { TableStatus: "ACTIVE", ...replicated("ACTIVE", state) };
      }
      return { Table: table };
    };
    return { send } as unknown as DynamoDBClient;
  };
  const second = { region: "us-west-2", witness: "us-east-1", client: clientOf("us-west-2") };
  const options = { client: clientOf("us-east-2"), name: NAME, keyArn: "alias/key" };
  return { options, second, sent, names: () => sent.map(({ to, name }) => `${to} ${name}`) };
};

const replicated = (replica: string, witness = replica) => ({
  Replicas: [{ ReplicaStatus: replica }],
  GlobalTableWitnesses: [{ WitnessStatus: witness }],
});

const inputsOf = (sent: readonly Sent[], name: string) =>
  sent.filter((one) => one.name === name).map(({ input }) => input);

describe("a table that takes the ledger's place", () => {
  it("has its replica and its witness before anything is written into it", async () => {
    const { options, second, sent } = openRegions();
    const target = createKeptRestoreTarget({ ...options, second, backOff: atOnce });
    expect(await target.create()).toMatchObject({ ok: true });
    expect(inputsOf(sent, "CreateTableCommand")).toMatchObject([
      { TableName: NAME, SSESpecification: { KMSMasterKeyId: "alias/key" } },
    ]);
    expect(inputsOf(sent, "UpdateTableCommand")).toEqual([
      {
        TableName: NAME,
        MultiRegionConsistency: "STRONG",
        ReplicaUpdates: [{ Create: { RegionName: "us-west-2", KMSMasterKeyId: "alias/key" } }],
        GlobalTableWitnessUpdates: [{ Create: { RegionName: "us-east-1" } }],
      },
    ]);
    expect(inputsOf(sent, "DescribeTableCommand").length).toBeGreaterThanOrEqual(3);
  });

  it("is protected in each Region once it is whole", async () => {
    const { options, second, sent } = openRegions();
    const target = createKeptRestoreTarget({ ...options, second, backOff: atOnce });
    await target.create();
    sent.length = 0;
    await target.commit();
    for (const to of ["us-east-2", "us-west-2"]) {
      const there = sent.filter((one) => one.to === to);
      expect(inputsOf(there, "UpdateContinuousBackupsCommand")).toMatchObject([
        { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      ]);
      expect(inputsOf(there, "UpdateTableCommand")).toEqual([
        { TableName: NAME, DeletionProtectionEnabled: true },
      ]);
    }
  });

  it("is of one Region alone where there is one", async () => {
    const { options, names } = openRegions();
    const target = createKeptRestoreTarget({ ...options, backOff: atOnce });
    await target.create();
    await target.commit();
    await target.discard();
    expect(names().filter((name) => name.startsWith("us-west-2"))).toEqual([]);
    expect(names().filter((name) => name.includes("UpdateTable"))).toHaveLength(1);
  });

  it("loses its replica and its witness first when it is taken away", async () => {
    const { options, second, names } = openRegions();
    const target = createKeptRestoreTarget({ ...options, second, backOff: atOnce });
    await target.create();
    await target.discard();
    expect(names().slice(-3)).toEqual([
      "us-east-2 UpdateTableCommand",
      "us-east-2 DescribeTableCommand",
      "us-east-2 DeleteTableCommand",
    ]);
  });

  it("is a fault where DynamoDB does not do it", async () => {
    const { options, second } = openRegions("UpdateTableCommand");
    const target = createKeptRestoreTarget({ ...options, second, backOff: atOnce });
    await expect(target.create()).rejects.toThrow(RetryableError);
  });
});
