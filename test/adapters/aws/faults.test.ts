import { describe, expect, it } from "vitest";
import { createSnsAlerts } from "../../../shared/adapters/aws/alerts.ts";
import {
  createDynamoClient,
  createSecretsClient,
  createSnsClient,
  createSqsClient,
} from "../../../shared/adapters/aws/clients.ts";
import { itemToAttributes } from "../../../shared/adapters/aws/item-attributes.ts";
import { createDynamoItemStore } from "../../../shared/adapters/aws/item-store.ts";
import { createSqsQueue } from "../../../shared/adapters/aws/message-queue.ts";
import { createSecretsManagerSecrets } from "../../../shared/adapters/aws/secrets.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { sealDocument } from "../../../shared/adapters/stored/sealed-item.ts";
import { RetryableError, TerminalError } from "../../../shared/domain/fault.ts";
import { firstCell, OPEN_MS } from "../../contracts/arbitraries.ts";
import { describeSecrets } from "../../contracts/secrets.ts";
import { startScriptedService, type Step } from "./scripted-service.ts";

const refusal = (type: string, rest: object = {}): Step => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "secret detail", ...rest },
});
const done: Step = { status: 200, body: {} };
const noPause = async (): Promise<void> => undefined;

const startLedger = async (steps: readonly Step[]) => {
  const { settings, requests } = await startScriptedService(steps);
  const client = createDynamoClient(settings);
  const store = createDynamoItemStore({ client, table: "items", backOff: noPause });
  return { ledger: createStoredLedger(store), store, requests };
};

const storedCell = (account: string) => {
  const cell = firstCell(account);
  const key = { partition: `cell#${account}`, sort: "cell" };
  const document = sealDocument(key, cell, 3);
  const attributes = itemToAttributes({ ...key, document, revision: { version: 1, epoch: 1 } });
  return { cell, attributes };
};

describe("the ledger on DynamoDB when the service fails", () => {
  it("takes the winner from the old image, without another read", async () => {
    const { cell, attributes } = storedCell("main");
    const lost = refusal("ConditionalCheckFailedException", { Item: attributes });
    const { ledger, requests } = await startLedger([lost]);
    const saved = await ledger.saveCell(cell, { version: 0, epoch: 0 });
    expect(saved).toEqual({ ok: false, error: { type: "CellConflict", current: cell } });
    expect(requests()).toHaveLength(1);
    expect(requests()[0]).toMatchObject({ ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
  });

  it("asks with a strong read where the service gives no old image", async () => {
    const { cell, attributes } = storedCell("main");
    const lost = refusal("ConditionalCheckFailedException");
    const { ledger, requests } = await startLedger([
      lost,
      { status: 200, body: { Item: attributes } },
    ]);
    const saved = await ledger.saveCell(cell, { version: 0, epoch: 0 });
    expect(saved).toEqual({ ok: false, error: { type: "CellConflict", current: cell } });
    expect(requests()[1]).toMatchObject({ ConsistentRead: true });
  });

  it("meets its own write after a lost answer, and gets it back to recognise it", async () => {
    const { cell, attributes } = storedCell("main");
    const lost = refusal("ConditionalCheckFailedException", { Item: attributes });
    const { ledger, requests } = await startLedger(["cut", lost]);
    const saved = await ledger.saveCell(cell, { version: 0, epoch: 0 });
    expect(saved).toEqual({ ok: false, error: { type: "CellConflict", current: cell } });
    expect(requests()).toHaveLength(2);
  });

  it("is unavailable, in words without secrets, for everything that may pass", async () => {
    const failures: readonly Step[] = [
      "cut",
      { status: 500, body: { __type: "InternalServerError", message: "secret detail" } },
      refusal("ProvisionedThroughputExceededException"),
      refusal("ThrottlingException"),
      refusal("ReplicatedWriteConflictException"),
      refusal("AccessDeniedException"),
      refusal("ResourceNotFoundException"),
    ];
    for (const failure of failures) {
      const { ledger, requests } = await startLedger([failure]);
      const saved = await ledger.saveCell(firstCell("main"), { version: 0, epoch: 0 });
      expect(saved).toMatchObject({ ok: false, error: { type: "LedgerUnavailable" } });
      expect(JSON.stringify(saved)).not.toContain("secret detail");
      expect(requests().length).toBeLessThanOrEqual(2);
    }
  });

  it("refuses for good what the service calls malformed", async () => {
    const { ledger } = await startLedger([refusal("ValidationException")]);
    await expect(ledger.loadCell("main")).rejects.toThrow(TerminalError);
  });

  it("never sends a cell that is larger than an item may be", async () => {
    const { ledger, requests } = await startLedger([done]);
    const cell = { ...firstCell("main"), limitsDigest: "x".repeat(360_000) };
    await expect(ledger.saveCell(cell, { version: 0, epoch: 0 })).rejects.toThrow(TerminalError);
    expect(requests()).toEqual([]);
  });
});

const item = (sort: string) => ({ partition: "p", sort, document: sort });
const putRequest = (sort: string) => ({ PutRequest: { Item: itemToAttributes(item(sort)) } });

describe("batches on DynamoDB", () => {
  it("send again what was left out, and nothing else", async () => {
    const { store, requests } = await startLedger([
      { status: 200, body: { UnprocessedItems: { items: [putRequest("b")] } } },
      done,
    ]);
    await store.putMany([item("a"), item("b")]);
    expect(requests().map((request) => request["RequestItems"])).toEqual([
      { items: [putRequest("a"), putRequest("b")] },
      { items: [putRequest("b")] },
    ]);
  });

  it("read again what was left out", async () => {
    const keys = [item("a"), item("b")];
    const [first, second] = keys.map(itemToAttributes);
    const { partition, sort } = second ?? {};
    const { store } = await startLedger([
      {
        status: 200,
        body: {
          Responses: { items: [first] },
          UnprocessedKeys: { items: { Keys: [{ partition, sort }] } },
        },
      },
      { status: 200, body: { Responses: { items: [second] } } },
    ]);
    expect(await store.getMany(keys)).toEqual(keys);
  });

  it("give up after five tries", async () => {
    const { store, requests } = await startLedger([
      { status: 200, body: { UnprocessedItems: { items: [putRequest("b")] } } },
    ]);
    await expect(store.putMany([item("b")])).rejects.toThrow(RetryableError);
    expect(requests()).toHaveLength(5);
  });
});

const startQueue = async (steps: readonly Step[]) => {
  const { settings, requests } = await startScriptedService(steps);
  const url = `${settings.endpoint ?? ""}/000000000000/orders`;
  const queue = createSqsQueue({ client: createSqsClient(settings), url, backOff: noPause });
  return { queue, requests };
};
const failed = (id: string, senderFault: boolean): Step => ({
  status: 200,
  body: {
    Successful: [],
    Failed: [{ Id: id, SenderFault: senderFault, Code: "InternalError" }],
  },
});
// The client checks what it sends against the checksum that comes back for each message.
const taken: Step = { status: 200, body: { Successful: [], Failed: [] } };

describe("a queue on SQS when the service fails", () => {
  it("sends again only the messages that it did not take", async () => {
    const { queue, requests } = await startQueue([failed("1", false), taken]);
    await queue.send([{ body: "first" }, { body: "second" }]);
    const bodies = requests().map((request) =>
      (request["Entries"] as readonly { readonly MessageBody: string }[]).map(
        (entry) => entry.MessageBody,
      ),
    );
    expect(bodies).toEqual([["first", "second"], ["second"]]);
  });

  it("gives up on a message after four tries, at once where the message is at fault", async () => {
    const passing = await startQueue([failed("0", false)]);
    await expect(passing.queue.send([{ body: "1" }])).rejects.toThrow(RetryableError);
    expect(passing.requests()).toHaveLength(4);
    const refused = await startQueue([failed("0", true)]);
    await expect(refused.queue.send([{ body: "1" }])).rejects.toThrow(TerminalError);
    expect(refused.requests()).toHaveLength(1);
  });

  it("throws what may pass when it does not answer", async () => {
    const { queue } = await startQueue(["cut"]);
    await expect(queue.send([{ body: "1" }])).rejects.toThrow(RetryableError);
    await expect(queue.receive(1)).rejects.toThrow(RetryableError);
    await expect(queue.remove("receipt")).rejects.toThrow(RetryableError);
    await expect(queue.release("receipt")).rejects.toThrow(RetryableError);
    await expect(queue.depth()).rejects.toThrow(RetryableError);
  });
});

describe("alerts on SNS when the service fails", () => {
  it("throw what may pass, so that the alert is published again", async () => {
    const { settings } = await startScriptedService(["cut"]);
    const topicArn = "arn:aws:sns:us-east-2:000000000000:alerts";
    const alerts = createSnsAlerts({ client: createSnsClient(settings), topicArn });
    const alert = {
      key: "k",
      action: "trigger",
      severity: "critical",
      summary: "s",
      component: "c",
      mode: "sim",
      atMs: OPEN_MS,
      runbook: "r",
    } as const;
    await expect(alerts.publish(alert)).rejects.toThrow(RetryableError);
  });
});

describeSecrets("Secrets Manager secrets", async ({ broker }) => {
  const { settings } = await startScriptedService([
    { status: 200, body: { SecretString: broker } },
    "cut",
  ]);
  const names = { broker: "arn:aws:secretsmanager:us-east-2:000000000000:secret:broker" };
  return createSecretsManagerSecrets({ client: createSecretsClient(settings), names });
});

describe("secrets of Secrets Manager", () => {
  it("are asked for once, and again after a failure", async () => {
    const { settings, requests } = await startScriptedService([
      refusal("AccessDeniedException"),
      { status: 200, body: { SecretString: "value" } },
      "cut",
    ]);
    const client = createSecretsClient(settings);
    const secrets = createSecretsManagerSecrets({ client, names: { broker: "arn" } });
    const refused = await secrets.read("broker");
    expect(refused).toMatchObject({ ok: false, error: { type: "SecretUnavailable" } });
    expect(JSON.stringify(refused)).not.toContain("secret detail");
    for (let reading = 0; reading < 3; reading++) {
      expect(await secrets.read("broker")).toEqual({ ok: true, value: "value" });
    }
    expect(requests()).toHaveLength(2);
  });

  it("that hold no text are unavailable", async () => {
    const { settings } = await startScriptedService([done]);
    const client = createSecretsClient(settings);
    const secrets = createSecretsManagerSecrets({ client, names: { broker: "arn" } });
    expect((await secrets.read("broker")).ok).toBe(false);
  });
});
