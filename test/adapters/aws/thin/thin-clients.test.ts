import { createServer, type IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import * as sdkDynamo from "@aws-sdk/client-dynamodb";
import * as sdkSecrets from "@aws-sdk/client-secrets-manager";
import * as sdkSns from "@aws-sdk/client-sns";
import * as sdkSqs from "@aws-sdk/client-sqs";
import { afterAll, describe, expect, it } from "vitest";
import { signRequest } from "../../../../shared/adapters/aws/thin/sign-request.ts";
import * as thinDynamo from "../../../../shared/adapters/aws/thin/dynamodb.ts";
import * as thinSecrets from "../../../../shared/adapters/aws/thin/secrets-manager.ts";
import * as thinSns from "../../../../shared/adapters/aws/thin/sns.ts";
import * as thinSqs from "../../../../shared/adapters/aws/thin/sqs.ts";

type Seen = { readonly headers: IncomingHttpHeaders; readonly body: string };

const seen: Seen[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += String(chunk);
  });
  request.on("end", () => {
    seen.push({ headers: request.headers, body });
    response.end(body.startsWith("{") ? "{}" : "<PublishResponse/>");
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const address = server.address();
if (address === null || typeof address === "string") throw new Error("There is a port.");
const configuration = {
  region: "us-east-2",
  endpoint: `http://127.0.0.1:${address.port}`,
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret/+", sessionToken: "token" },
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
};

const lastSeen = (): Seen => {
  const last = seen.at(-1);
  if (last === undefined) throw new Error("There is a request.");
  return last;
};

/** Signs what the official client sent, with the headers that it chose to sign. */
const signAgain = (service: string, { headers, body }: Seen): string | undefined => {
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
  const own = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  const time = String(headers["x-amz-date"]).replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    "$1-$2-$3T$4:$5:$6Z",
  );
  const url = new URL(configuration.endpoint);
  const request = { service, region: configuration.region, url, headers: own, body };
  return signRequest(request, configuration.credentials, Date.parse(time))["authorization"];
};

const item = { partition: { S: "p" }, sort: { S: "ä “1”" } };
const input = { TableName: "items", Item: item, ConditionExpression: "attribute_not_exists(#p)" };
const message = { QueueUrl: "http://q/1", Entries: [{ Id: "0", MessageBody: '{"a":"é"}' }] };
const alert = { TopicArn: "arn:aws:sns:us-east-2:0:alerts", Message: '{"a":"b c+d&e=“f”"}' };
const secret = { SecretId: "arn:aws:secretsmanager:us-east-2:0:secret:broker" };

const pairs = {
  dynamodb: {
    official: () =>
      new sdkDynamo.DynamoDBClient(configuration).send(new sdkDynamo.PutItemCommand(input)),
    thin: () =>
      new thinDynamo.DynamoDBClient(configuration).send(new thinDynamo.PutItemCommand(input)),
  },
  sqs: {
    official: () =>
      new sdkSqs.SQSClient({ ...configuration, useQueueUrlAsEndpoint: false, md5: false }).send(
        new sdkSqs.SendMessageBatchCommand(message),
      ),
    thin: () =>
      new thinSqs.SQSClient(configuration).send(new thinSqs.SendMessageBatchCommand(message)),
  },
  sns: {
    official: () => new sdkSns.SNSClient(configuration).send(new sdkSns.PublishCommand(alert)),
    thin: () => new thinSns.SNSClient(configuration).send(new thinSns.PublishCommand(alert)),
  },
  secretsmanager: {
    official: () =>
      new sdkSecrets.SecretsManagerClient(configuration).send(
        new sdkSecrets.GetSecretValueCommand(secret),
      ),
    thin: () =>
      new thinSecrets.SecretsManagerClient(configuration).send(
        new thinSecrets.GetSecretValueCommand(secret),
      ),
  },
};

const readBody = ({ body }: Seen): unknown =>
  body.startsWith("{") ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));

describe("the clients that functions are bundled with", () => {
  for (const [service, { official, thin }] of Object.entries(pairs)) {
    it(`sign a request of ${service} as the official client does`, async () => {
      await official();
      const request = lastSeen();
      expect(signAgain(service, request)).toBe(request.headers.authorization);
    });

    it(`send to ${service} what the official client sends`, async () => {
      await official();
      const expected = lastSeen();
      await thin();
      const sent = lastSeen();
      expect(readBody(sent)).toEqual(readBody(expected));
      for (const name of ["content-type", "x-amz-target", "x-amz-security-token", "host"]) {
        expect(sent.headers[name]).toBe(expected.headers[name]);
      }
      expect(signAgain(service, sent)).toBe(sent.headers.authorization);
    });
  }
});
