import { request as requestOverHttp, type Agent } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { request as requestOverHttps } from "node:https";
import type { Socket } from "node:net";
import type { Clock } from "../../ports/clock.ts";
import { createConnectionPool, type ConnectionPool, type PoolPolicy } from "./connection-pool.ts";

/** What is asked of a server. */
export type HttpRequest = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The whole exchange ends after so many milliseconds, connecting included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** The answer is no text: it is handed over as bytes, and its `body` stays empty. */
  readonly wantsBytes?: boolean;
};

/** An answer that arrived whole; header names are in lower case. */
export type HttpAnswer = {
  readonly type: "answer";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body of a request that wants bytes. */
  readonly bytes?: Uint8Array;
  /** It came over a connection that stood before the request. */
  readonly isOverKept?: boolean;
};

/** No answer that can be read; what the server did with the request is not known. */
export type HttpLoss = {
  readonly type: "timeout" | "reset" | "tooLarge" | "aborted";
  /** A sentence without secrets. */
  readonly detail: string;
  /** It was sent over a connection that had idled: the server may have closed that before. */
  readonly isOverKept?: boolean;
};

/** Not one byte of the request was handed to a connection: it was certainly not received. */
export type HttpNoConnection = { readonly type: "noConnection"; readonly detail: string };

/** Everything that can come of a request. */
export type HttpOutcome = HttpAnswer | HttpLoss | HttpNoConnection;

/** Sends requests over kept connections; redirects are not followed, nothing is retried. */
export type HttpClient = {
  /** Never rejects. */
  readonly send: (request: HttpRequest) => Promise<HttpOutcome>;
  /**
   * Opens connections to the server of an address until so many stand, so that requests that may
   * follow need not wait for them; sends nothing, waits for nothing, never fails. Absent where
   * there are no connections.
   */
  readonly prepare?: (url: string, connections: number) => void;
  /** Closes every connection. */
  readonly close: () => void;
};

/** The bounds of a client. */
export type HttpPolicy = PoolPolicy & {
  /** A connection must stand after so many milliseconds. */
  readonly connectTimeoutMs: number;
  /** Bytes of a body; a longer one is `tooLarge`. */
  readonly answerBytesMax: number;
};

const DEFAULT_POLICY: HttpPolicy = {
  connectTimeoutMs: 3_000,
  answerBytesMax: 8 * 1024 * 1024,
  connectionsMax: 32,
  idleMaxMs: 15_000,
};

/** Makes a client with connections of its own; `policy` replaces single bounds. */
export const createHttpClient = (
  deps: { readonly clock: Pick<Clock, "monotonicMs"> },
  policy: Partial<HttpPolicy> = {},
): HttpClient => {
  const bounds = { ...DEFAULT_POLICY, ...policy };
  const pool = createConnectionPool(deps.clock, bounds);
  return {
    send: async (request) => {
      const url = URL.parse(request.url);
      const protocol = url?.protocol;
      if (url === null || (protocol !== "http:" && protocol !== "https:")) {
        return noConnection("The address is not one of http or https.");
      }
      if (!(request.timeoutMs > 0)) return noConnection("There was no time left to send it.");
      if (request.signal?.aborted === true) return noConnection("It was given up before it began.");
      pool.closeIdle(protocol);
      return exchange(request, url, pool.agents[protocol], { bounds, pool });
    },
    prepare: (address, connections) => {
      const url = URL.parse(address);
      if (url !== null) pool.prepare(url, connections);
    },
    close: pool.close,
  };
};

type Context = {
  readonly bounds: HttpPolicy;
  readonly pool: Pick<ConnectionPool, "isStanding" | "noteUse">;
};

const noConnection = (detail: string): HttpNoConnection => ({ type: "noConnection", detail });

const exchange = (
  request: HttpRequest,
  url: URL,
  agent: Agent,
  context: Context,
): Promise<HttpOutcome> =>
  new Promise((resolve) => {
    let outgoing: ClientRequest;
    try {
      outgoing = start(request, url, agent);
    } catch (error) {
      resolve(noConnection(`The request could not be made (${codeOf(error)}).`));
      return;
    }
    let wasSent = false;
    let isOverKept = false;
    let isAnswered = false;
    let isSettled = false;
    const settle = (outcome: HttpOutcome): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(connectTimer);
      clearTimeout(totalTimer);
      request.signal?.removeEventListener("abort", abort);
      resolve(outcome);
    };
    const fail = (type: HttpLoss["type"], detail: string): void => {
      settle(wasSent ? { type, detail, isOverKept } : noConnection(detail));
      outgoing.destroy();
    };
    const abort = (): void => fail("aborted", "It was given up.");
    const connectTimer = setTimeout(
      () => fail("timeout", "No connection stood in time."),
      Math.min(context.bounds.connectTimeoutMs, request.timeoutMs),
    );
    const totalTimer = setTimeout(
      () => fail("timeout", `No answer within ${Math.round(request.timeoutMs)} ms.`),
      request.timeoutMs,
    );
    request.signal?.addEventListener("abort", abort, { once: true });
    outgoing.on("error", (error) => fail("reset", `The connection failed (${codeOf(error)}).`));
    outgoing.once("close", () => {
      // With an answer under way its own end decides: a server may close as soon as it has sent it.
      if (!isAnswered) fail("reset", "The connection closed without an answer.");
    });
    outgoing.once("socket", (socket) => {
      isOverKept = context.pool.isStanding(socket);
      whenConnected(socket, url.protocol, context, () => {
        if (isSettled) return;
        clearTimeout(connectTimer);
        // From here on it may have been received, whatever happens next.
        wasSent = true;
        outgoing.end(request.body);
      });
    });
    outgoing.once("response", (incoming) => {
      isAnswered = true;
      receive(incoming, { ...context, ...request }, fail, (answer) =>
        settle({ ...answer, isOverKept }),
      );
    });
  });

/** Makes the request without sending any of it: bytes wait until `end` is called. */
const start = (request: HttpRequest, url: URL, agent: Agent): ClientRequest => {
  const length: Record<string, string> =
    request.body === undefined
      ? {}
      : { "content-length": Buffer.byteLength(request.body).toString() };
  const options: RequestOptions = {
    method: request.method,
    agent,
    headers: { ...request.headers, ...length },
  };
  return url.protocol === "https:" ? requestOverHttps(url, options) : requestOverHttp(url, options);
};

const whenConnected = (
  socket: Socket,
  protocol: string,
  context: Context,
  act: () => void,
): void => {
  if (context.pool.isStanding(socket)) {
    act();
    return;
  }
  socket.once(protocol === "https:" ? "secureConnect" : "connect", () => {
    context.pool.noteUse(socket);
    act();
  });
};

const receive = (
  incoming: IncomingMessage,
  context: Context & Pick<HttpRequest, "wantsBytes">,
  fail: (type: HttpLoss["type"], detail: string) => void,
  settle: (answer: HttpAnswer) => void,
): void => {
  const bytesMax = context.bounds.answerBytesMax;
  const { socket } = incoming;
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) fail("tooLarge", `The answer is longer than ${bytesMax} bytes.`);
    else chunks.push(chunk);
  });
  incoming.on("error", (error) => fail("reset", `The answer broke off (${codeOf(error)}).`));
  incoming.once("close", () => fail("reset", "The answer broke off."));
  incoming.once("end", () => {
    if (!incoming.complete) {
      fail("reset", "The answer broke off.");
      return;
    }
    context.pool.noteUse(socket);
    const whole = Buffer.concat(chunks);
    settle({
      type: "answer",
      status: incoming.statusCode ?? 0,
      headers: plainHeaders(incoming),
      ...(context.wantsBytes === true
        ? { body: "", bytes: whole }
        : { body: whole.toString("utf8") }),
    });
  });
};

const plainHeaders = (incoming: IncomingMessage): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
};

/** Only the code: messages of errors may hold what was sent. */
const codeOf = (error: unknown): string => {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return typeof code === "string" && code !== "" ? code : "no code";
};
