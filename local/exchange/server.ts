import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../shared/ports/clock.ts";
import { checkAlpacaKeys } from "./api/check-keys.ts";
import { createRouter, type ApiAnswer, type ApiRequest } from "./api/api.ts";
import {
  createExchangeApi,
  type AnswerRequest,
  type ExchangeApiDependencies,
} from "./api/exchange-api.ts";
import { createFaultRoutes } from "./api/fault-routes.ts";
import { writeJson } from "./faults/write-json.ts";

const BODY_BYTES_MAX = 64 * 1024;
const LOOPBACK = "127.0.0.1";
const KEPT_MS = 75_000;

/** How the server runs; a port of 0 takes any that is free. */
export type ExchangeServerOptions = ExchangeApiDependencies & {
  /** Virtual time; the exchange moves on it, N times faster if the clock does. */
  readonly clock: Clock;
  readonly port: number;
  /** Is told of requests that failed for a reason of ours; the client gets a 500. */
  readonly onFault: (cause: unknown) => void;
};

/** A running server; `url` has no slash at its end. */
export type ExchangeServer = {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
};

/** Starts the simulated broker and vendors on 127.0.0.1; rejects if the port is taken. */
export const startExchangeServer = async (
  options: ExchangeServerOptions,
): Promise<ExchangeServer> => {
  const answer = withFaultRoutes(createExchangeApi(options), options);
  const server = createServer((incoming, response) => {
    handle(incoming, response, (request) => answer(request, options.clock.nowMs())).catch(
      (cause: unknown) => {
        options.onFault(cause);
        if (response.headersSent) response.destroy();
        else send(response, { status: 500, body: { message: "internal server error" } });
      },
    );
  });
  // As long as vendors keep them: a minute's pause between two polls is no reason to hang up.
  server.keepAliveTimeout = KEPT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};

const withFaultRoutes = (
  answer: AnswerRequest,
  { faults, credentials }: ExchangeServerOptions,
): AnswerRequest => {
  const find = createRouter(createFaultRoutes(faults));
  return (request, nowMs) => {
    const found = find(request.method, request.path);
    if (found === undefined) return answer(request, nowMs);
    // The keys keep out web pages, which reach the loopback too but cannot know them.
    const refusal = checkAlpacaKeys(request, credentials);
    if (refusal !== undefined) return { ...refusal, delivery: { type: "normal" } };
    const { query, body, path } = request;
    const input = { parameters: found.parameters, query, body, path, nowMs };
    return { ...found.route.answer(input), delivery: { type: "normal" } };
  };
};

const handle = async (
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: (request: ApiRequest) => ApiAnswer,
): Promise<void> => {
  const body = await readBody(incoming);
  if (body === undefined) {
    send(response, { status: 413, body: { message: "request body is too large" } });
    return;
  }
  const url = URL.parse(`http://${LOOPBACK}${incoming.url ?? "/"}`);
  if (url === null) {
    send(response, { status: 400, body: { message: "the address is malformed" } });
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]),
  );
  const path = decodePath(url.pathname);
  const request = {
    method: incoming.method ?? "GET",
    path,
    query: url.searchParams,
    headers,
    body,
  };
  const answered = answer(request);
  switch (answered.delivery.type) {
    case "normal":
      send(response, answered);
      break;
    case "late":
      setTimeout(() => {
        send(response, answered);
      }, answered.delivery.delayMs).unref();
      break;
    case "dropped":
      incoming.socket.destroy();
      break;
    case "never":
      break;
  }
};

/** A path that is not properly encoded matches no route, as it stands. */
const decodePath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** The body as text; `undefined` if it is longer than any request here can be. */
const readBody = async (incoming: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    // The rest is read but not kept: leaving the loop would cut the connection before the answer.
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  if (bytes > BODY_BYTES_MAX) return undefined;
  return Buffer.concat(chunks).toString("utf8");
};

const send = (
  response: ServerResponse,
  { status, body, text, headers }: Pick<ApiAnswer, "status" | "body" | "text" | "headers">,
): void => {
  if (response.destroyed) return;
  const written = text ?? (body === undefined ? undefined : writeJson(body));
  const kind = text === undefined ? "application/json" : "text/plain";
  response.writeHead(status, {
    ...(written === undefined
      ? {}
      : {
          "content-type": `${kind}; charset=UTF-8`,
          "content-length": Buffer.byteLength(written),
        }),
    ...headers,
  });
  response.end(written ?? "");
};
