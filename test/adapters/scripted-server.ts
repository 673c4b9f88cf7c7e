import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the server saw it. */
export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** What the server does with a request. */
export type Step =
  | {
      readonly type: "answer";
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Takes the request whole and closes the connection without a word. */
  | { readonly type: "drop" }
  /** Never answers. */
  | { readonly type: "silence" }
  /** Promises a long body and closes after a part of it. */
  | { readonly type: "tear" }
  /** Answers with bytes that are not HTTP. */
  | { readonly type: "garbage" }
  /** Answers 200 with a body that only the closing of the connection ends. */
  | { readonly type: "untilClose"; readonly body: string };

/** A server on 127.0.0.1 that does as it is told and remembers what it saw. */
export type ScriptedServer = {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  readonly connectionCount: () => number;
  readonly close: () => Promise<void>;
};

/** An answer with a JSON body. */
export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Step => ({
  type: "answer",
  status,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers },
});

/** Starts a server whose `script` decides each request. */
export const startScriptedServer = async (
  script: (request: SeenRequest, index: number) => Step,
): Promise<ScriptedServer> => {
  const seen: SeenRequest[] = [];
  let connections = 0;
  const server = createServer((incoming, response) => {
    readBody(incoming, (body) => {
      const request = {
        method: incoming.method ?? "",
        path: incoming.url ?? "",
        headers: incoming.headers,
        body,
      };
      seen.push(request);
      perform(script(request, seen.length - 1), response);
    });
  });
  server.on("connection", () => {
    connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    connectionCount: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const readBody = (incoming: IncomingMessage, then: (body: string) => void): void => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => then(Buffer.concat(chunks).toString("utf8")));
};

const perform = (step: Step, response: ServerResponse): void => {
  switch (step.type) {
    case "answer":
      response.writeHead(step.status, step.headers);
      response.end(step.body);
      return;
    case "drop":
      response.socket?.destroy();
      return;
    case "silence":
      return;
    case "tear":
      response.writeHead(200, { "content-length": "1000" });
      response.write("half of an ans", () => response.socket?.destroy());
      return;
    case "garbage":
      response.socket?.end("this is not HTTP\r\n\r\n");
      return;
    case "untilClose":
      response.socket?.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${step.body}`);
      return;
  }
};

/** An address at which nothing listens. */
export const closedAddress = async (): Promise<string> => {
  const server = await startScriptedServer(() => ({ type: "silence" }));
  await server.close();
  return server.url;
};
