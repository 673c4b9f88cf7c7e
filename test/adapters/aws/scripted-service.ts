import { createServer, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import type { AwsSettings } from "../../../shared/adapters/aws/clients.ts";

/** What the service does with one request: answer, or cut the connection. */
export type Step = { readonly status: number; readonly body: unknown } | "cut";

/** A service that answers from a script, and the requests that it got. */
export type ScriptedService = {
  readonly settings: AwsSettings;
  readonly requests: () => readonly Readonly<Record<string, unknown>>[];
};

/**
 * Starts an HTTP server that speaks AWS's JSON protocol and answers each request with the next
 * step; the last one answers all that follow.
 */
export const startScriptedService = async (steps: readonly Step[]): Promise<ScriptedService> => {
  const requests: Readonly<Record<string, unknown>>[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += String(chunk);
    });
    request.on("end", () => {
      requests.push(readRequest(text));
      answer(response, steps[Math.min(requests.length, steps.length) - 1] ?? "cut");
    });
  });
  const endpoint = await listen(server);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { settings: { region: "us-east-2", endpoint, credentials }, requests: () => requests };
};

/** SNS speaks another protocol, of which only the number of requests counts here. */
const readRequest = (text: string): Readonly<Record<string, unknown>> =>
  text.startsWith("{") ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : {};

const answer = (response: ServerResponse, step: Step): void => {
  if (step === "cut") {
    response.destroy();
    return;
  }
  response.writeHead(step.status, { "Content-Type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify(step.body));
};

const listen = async (server: Server): Promise<string> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is a port.");
  return `http://127.0.0.1:${address.port}`;
};
