import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it } from "vitest";
import { createBucketLockedStore } from "../../../shared/adapters/aws/bucket-locked-store.ts";
import { createDynamoClient, createS3Client } from "../../../shared/adapters/aws/clients.ts";
import { createDynamoItemStore } from "../../../shared/adapters/aws/item-store.ts";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import {
  createHttpClient,
  type HttpClient,
  type HttpOutcome,
  type HttpRequest,
} from "../../../shared/adapters/http/http-client.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { describeAudit } from "../../contracts/audit.ts";
import { describeLockedStore } from "../../contracts/locked-store.ts";
import { startDynalite } from "./dynalite.ts";
import { startFauxqs } from "./fauxqs.ts";

const settings = await startFauxqs();
const client = createS3Client(settings);
const table = "items";
const dynamo = createDynamoClient(await startDynalite(table));
const clock = createHostClock();
const plain = createHttpClient({ clock }, { answerBytesMax: 20 * 1024 * 1024 });
afterAll(() => {
  client.destroy();
  dynamo.destroy();
  plain.close();
});
for (const Bucket of ["locked", "east", "west"])
  await client.send(new CreateBucketCommand({ Bucket }));

/**
 * The emulator overlooks `If-None-Match`, so that this stands before it and does what S3 does: of
 * writes to one key one is first, and the others get 412. That a request says it, and what becomes
 * of S3's other answers, the tests at the end look at without it.
 */
const createConditional = (http: HttpClient): HttpClient => {
  const turns = new Map<string, Promise<unknown>>();
  return {
    ...http,
    send: (request) => {
      if (request.headers["if-none-match"] !== "*") return http.send(request);
      const turn = (turns.get(request.url) ?? Promise.resolve()).then(
        async (): Promise<HttpOutcome> => {
          const { url, timeoutMs } = request;
          const standing = await http.send({ method: "GET", url, headers: {}, timeoutMs });
          const isTaken = standing.type === "answer" && standing.status === 200;
          return isTaken ? answer(412) : http.send(request);
        },
      );
      turns.set(request.url, turn);
      return turn;
    },
  };
};

const answer = (status: number, body = ""): HttpOutcome => ({
  type: "answer",
  status,
  headers: {},
  body,
});

const http = createConditional(plain);
const open = (bucket: string) => createBucketLockedStore({ ...settings, http, clock, bucket });

describeLockedStore("locked bucket", async () => open("locked"), { runs: 10 });

describeAudit(
  "DynamoDB and S3 audit",
  async () => ({
    items: createDynamoItemStore({ client: dynamo, table }),
    east: open("east"),
    west: open("west"),
    tamper: async (Bucket, Key, Body) => {
      await client.send(
        Body === undefined
          ? new DeleteObjectCommand({ Bucket, Key })
          : new PutObjectCommand({ Bucket, Key, Body }),
      );
    },
  }),
  { runs: 5 },
);

const scripted = (...answers: readonly HttpOutcome[]) => {
  const sent: HttpRequest[] = [];
  const left = [...answers];
  const send = async (request: HttpRequest): Promise<HttpOutcome> => {
    sent.push(request);
    return left.shift() ?? answer(500);
  };
  const scriptedHttp = { send, close: () => {} };
  const store = createBucketLockedStore({ ...settings, http: scriptedHttp, clock, bucket: "b" });
  return { store, sent };
};

describe("a locked bucket's request", () => {
  it("asks for a free key, under its signature", async () => {
    const { store, sent } = scripted(answer(200));
    expect(await store.create("audit/a.json", "{}")).toEqual({ type: "created" });
    const [request] = sent;
    expect(request?.headers["if-none-match"]).toBe("*");
    const signed = /SignedHeaders=(?<names>[^,]*)/.exec(request?.headers["authorization"] ?? "");
    expect(signed?.groups?.["names"]?.split(";")).toContain("if-none-match");
  });

  it("finds its own object after an answer that was lost", async () => {
    const lost: HttpOutcome = { type: "reset", detail: "The connection broke." };
    const { store } = scripted(lost, answer(412), answer(200, "{}"));
    expect(await store.create("audit/a.json", "{}")).toEqual({ type: "exists", body: "{}" });
  });

  it("tries again where S3 says that two came at once, and gives up with a fault that may pass", async () => {
    const { store } = scripted(answer(409), answer(200));
    expect(await store.create("audit/a.json", "{}")).toEqual({ type: "created" });
    const { store: busy } = scripted(answer(409), answer(409));
    await expect(busy.create("audit/a.json", "{}")).rejects.toThrow(RetryableError);
    const { store: odd } = scripted(answer(412), answer(404));
    await expect(odd.create("audit/a.json", "{}")).rejects.toThrow(RetryableError);
  });

  it("takes a denied write for a fault, never for success", async () => {
    const { store } = scripted(answer(403), answer(403));
    await expect(store.create("audit/a.json", "{}")).rejects.toThrow(RetryableError);
  });
});
