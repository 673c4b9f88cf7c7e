import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { snapshotsSample } from "../test/adapters/alpaca/wire-samples.ts";
import { yahooSample } from "../test/adapters/market-data/wire-samples.ts";

/** Every service and vendor that a function meets, on one port of this machine. */
export type ColdStartServices = {
  readonly port: number;
  /** What was asked for since the last time, in order: operations of AWS and paths of vendors. */
  readonly takeAsked: () => readonly string[];
  readonly close: () => Promise<void>;
};

/** Starts services that answer at once: AWS as if it were empty, vendors with fresh prices. */
export const startColdStartServices = async (): Promise<ColdStartServices> => {
  let asked: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, (what) => asked.push(what));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    takeAsked: () => {
      const taken = asked;
      asked = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  note: (asked: string) => void,
): Promise<void> => {
  const body = await readBody(request);
  const target = request.headers["x-amz-target"]?.toString().split(".").at(-1);
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  note(target === undefined ? path : nameOf(target, body));
  const text = JSON.stringify(target === undefined ? vendorAnswer(path) : awsAnswer(target, body));
  const type = target === undefined ? "application/json" : "application/x-amz-json-1.0";
  const length = Buffer.byteLength(text);
  response.writeHead(200, { "content-type": type, "content-length": length });
  response.end(text);
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  request.setEncoding("utf8");
  for await (const part of request) text += String(part);
  return text;
};

const Sent = z.object({ QueueUrl: z.string() });

/** An operation's name; of one that sends, with its queue's. */
const nameOf = (operation: string, body: string): string => {
  const sent = operation === "SendMessageBatch" ? Sent.parse(JSON.parse(body)) : undefined;
  const queue = sent?.QueueUrl.split("/").at(-1);
  return queue === undefined ? operation : `${operation} ${queue}`;
};

/** Fresh at whatever moment it is asked for. */
const vendorAnswer = (path: string): object => {
  const t = new Date().toISOString();
  if (path.startsWith("/v8/finance/chart/")) {
    const [sample] = yahooSample.chart.result;
    const meta = { ...sample?.meta, regularMarketTime: Math.floor(Date.parse(t) / 1_000) };
    const symbol = decodeURIComponent(path.split("/").at(-1) ?? "");
    return { chart: { result: [{ ...sample, meta: { ...meta, symbol } }], error: null } };
  }
  if (path.startsWith("/v1beta1/indices/")) return { values: { VIX: { v: 17.5, t } } };
  const { SPY } = snapshotsSample;
  const fresh = {
    ...SPY,
    latestTrade: { ...SPY.latestTrade, t },
    latestQuote: { ...SPY.latestQuote, t },
  };
  return { SPY: fresh, IBM: fresh };
};

const Entries = z.object({
  Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })),
});
const SECRET = { keyId: "k", secretKey: "s", token: "t", apiKey: "a", routingKey: "r" };

const awsAnswer = (operation: string, body: string): object => {
  switch (operation) {
    case "GetSecretValue":
      return { SecretString: JSON.stringify(SECRET) };
    case "Query":
      return { Items: [], Count: 0 };
    case "BatchGetItem":
      return { Responses: {}, UnprocessedKeys: {} };
    case "SendMessageBatch":
      return {
        Successful: Entries.parse(JSON.parse(body)).Entries.map((entry) => ({
          Id: entry.Id,
          MessageId: entry.Id,
          MD5OfMessageBody: createHash("md5").update(entry.MessageBody).digest("hex"),
        })),
      };
    default:
      return {};
  }
};
