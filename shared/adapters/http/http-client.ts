import { Agent as HttpAgent, request as requestOverHttp } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as requestOverHttps } from "node:https";
import type { Socket } from "node:net";
import type { Clock } from "../../ports/clock.ts";

/** What is asked of a server. */
export type HttpRequest = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The whole exchange ends after so many milliseconds, connecting included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

/** An answer that arrived whole; header names are in lower case. */
export type HttpAnswer = {
  readonly type: "answer";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
  /** Closes every connection. */
  readonly close: () => void;
};

/** The bounds of a client. */
export type HttpPolicy = {
  /** A connection must stand after so many milliseconds. */
  readonly connectTimeoutMs: number;
  /** Bytes of a body; a longer one is `tooLarge`. */
  readonly answerBytesMax: number;
  /** Connections to one server. */
  readonly connectionsMax: number;
  /** A connection that idled longer is not used again: servers drop them without a word. */
  readonly idleMaxMs: number;
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
  // The latest used connection comes first, so that idle ones gather where they are swept.
  const options = {
    keepAlive: true,
    maxSockets: bounds.connectionsMax,
    // What was needed at once is kept for the next time.
    maxFreeSockets: bounds.connectionsMax,
    scheduling: "lifo",
  } as const;
  const agents = { "http:": new HttpAgent(options), "https:": new HttpsAgent(options) };
  const lastUsedMs: LastUsed = new WeakMap();
  return {
    send: async (request) => {
      const url = URL.parse(request.url);
      const protocol = url?.protocol;
      if (url === null || (protocol !== "http:" && protocol !== "https:")) {
        return noConnection("The address is not one of http or https.");
      }
      if (!(request.timeoutMs > 0)) return noConnection("There was no time left to send it.");
      if (request.signal?.aborted === true) return noConnection("It was given up before it began.");
      const agent = agents[protocol];
      closeIdle(agent, lastUsedMs, deps.clock.monotonicMs() - bounds.idleMaxMs);
      return exchange(request, url, agent, { ...deps, bounds, lastUsedMs });
    },
    close: () => {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
};

type LastUsed = WeakMap<Socket, number>;

type Context = {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly bounds: HttpPolicy;
  /** Holds a connection once it stands. */
  readonly lastUsedMs: LastUsed;
};

const noConnection = (detail: string): HttpNoConnection => ({ type: "noConnection", detail });

const closeIdle = (agent: HttpAgent, lastUsedMs: LastUsed, beforeMs: number): void => {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) {
      if ((lastUsedMs.get(socket) ?? -Infinity) < beforeMs) socket.destroy();
    }
  }
};

const exchange = (
  request: HttpRequest,
  url: URL,
  agent: HttpAgent,
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
      isOverKept = context.lastUsedMs.has(socket);
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
      receive(incoming, context, fail, (answer) => settle({ ...answer, isOverKept }));
    });
  });

/** Makes the request without sending any of it: bytes wait until `end` is called. */
const start = (request: HttpRequest, url: URL, agent: HttpAgent): ClientRequest => {
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
  if (context.lastUsedMs.has(socket)) {
    act();
    return;
  }
  socket.once(protocol === "https:" ? "secureConnect" : "connect", () => {
    context.lastUsedMs.set(socket, context.clock.monotonicMs());
    act();
  });
};

const receive = (
  incoming: IncomingMessage,
  context: Context,
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
    context.lastUsedMs.set(socket, context.clock.monotonicMs());
    settle({
      type: "answer",
      status: incoming.statusCode ?? 0,
      headers: plainHeaders(incoming),
      body: Buffer.concat(chunks).toString("utf8"),
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
