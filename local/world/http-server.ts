import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Mode } from "../../shared/domain/settings.ts";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import { toApiEvent, type ApiAnswer, type ApiEvent } from "./api-event.ts";
import { authorizeWish } from "./authorize-wish.ts";
import type { OperatorTokens } from "./operator-tokens.ts";
import type { PageFile } from "./page-files.ts";
import { readRequestBody } from "./read-request-body.ts";

/** What the server stands on. */
export type WorldServerOptions = {
  /** 0 takes any port that is free. */
  readonly port: number;
  readonly mode: Mode;
  readonly files: readonly PageFile[];
  /** Answers everything below `/api/`, and `/metrics`. */
  readonly answerApi: (event: ApiEvent) => Promise<ApiAnswer>;
  /** Whoever changes something needs one of these. */
  readonly tokens: OperatorTokens;
  /** Epoch ms, for the events. */
  readonly nowMs: () => number;
  readonly onFailure: (name: string, error: unknown) => void;
};

/** A running server, on this machine alone. */
export type WorldServer = {
  readonly url: string;
  readonly close: () => Promise<void>;
};

/** The server cannot run; the sentence says why and what to do. */
export type ServerRefused = { readonly type: "ServerRefused"; readonly sentence: string };

const LOOPBACK = "127.0.0.1";

/** The page may load only its own files and ask only its own server. */
const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;

/** Serves page and API on the loopback interface. */
export const startWorldServer = async (
  options: WorldServerOptions,
): Promise<Result<WorldServer, ServerRefused>> => {
  const files = new Map(options.files.map((file) => [file.path, file]));
  const server = createServer({ requestTimeout: 10_000 }, (incoming, response) => {
    answer(incoming, files, options, portOf(server.address()))
      .catch((error: unknown) => {
        options.onFailure("api", error);
        return textAnswer(500, "The request could not be answered; the terminal says why.");
      })
      .then((answered) => send(response, answered, incoming.method === "HEAD"))
      .catch((error: unknown) => options.onFailure("api", error));
  });
  const failure = await new Promise<Error | undefined>((resolve) => {
    server.once("error", resolve);
    server.listen(options.port, LOOPBACK, () => resolve(undefined));
  });
  if (failure !== undefined) return err(refusalOf(failure, options.port));
  return ok({
    url: `http://${LOOPBACK}:${portOf(server.address())}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};

type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

const answer = async (
  incoming: IncomingMessage,
  files: ReadonlyMap<string, PageFile>,
  options: WorldServerOptions,
  port: number,
): Promise<Answer> => {
  // A name that resolves to this machine is no reason to answer: pages elsewhere could use it.
  if (!isOwnHost(incoming.headers.host, port)) {
    return textAnswer(421, "This server answers to 127.0.0.1 and localhost only.");
  }
  const url = URL.parse(incoming.url ?? "/", `http://${LOOPBACK}`);
  if (url === null) return textAnswer(400, "The address cannot be read.");
  if (incoming.method === "POST" && url.pathname.startsWith("/api/")) {
    return answerWish(incoming, url, options);
  }
  if (incoming.method !== "GET" && incoming.method !== "HEAD") {
    return { ...textAnswer(405, "This cannot be asked of it."), headers: { allow: "GET, POST" } };
  }
  if (url.pathname.startsWith("/api/") || url.pathname === "/metrics") {
    return options.answerApi(toApiEvent(incoming, url, options.nowMs()));
  }
  const file = files.get(url.pathname);
  if (file === undefined) return textAnswer(404, "There is nothing at this address.");
  return { status: 200, headers: { "content-type": file.contentType }, body: file.body };
};

/** What changes something: only with a token, which no page of another site can know. */
const answerWish = async (
  incoming: IncomingMessage,
  url: URL,
  { mode, tokens, answerApi, nowMs }: WorldServerOptions,
): Promise<Answer> => {
  const wish = authorizeWish(tokens, url.pathname, incoming.headers.authorization);
  if (wish.type === "refused") return problemAnswer(mode, wish.status, wish.sentence);
  const body = await readRequestBody(incoming);
  if (body === undefined) return problemAnswer(mode, 413, "The body is too long.");
  const { principal } = wish;
  return answerApi(toApiEvent(incoming, url, nowMs(), { principal, body }));
};

const problemAnswer = (mode: Mode, status: number, detail: string): Answer => ({
  status,
  headers: { "content-type": "application/problem+json" },
  body: JSON.stringify({ type: "about:blank", status, detail, mode }),
});

const isOwnHost = (host: string | undefined, port: number): boolean =>
  host === `${LOOPBACK}:${port}` || host === `localhost:${port}`;

const textAnswer = (status: number, sentence: string): Answer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: `${sentence}\n`,
});

const send = (
  response: ServerResponse,
  { status, headers, body }: Answer,
  isHead: boolean,
): void => {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    ...headers,
    "content-length": Buffer.byteLength(body),
  });
  response.end(isHead ? undefined : body);
};

const refusalOf = (error: Error, port: number): ServerRefused => {
  const code = "code" in error ? String(error.code) : "no code";
  const sentence =
    code === "EADDRINUSE"
      ? `Port ${port} is in use; stop what uses it, or choose another with --port N (0 takes any).`
      : `Port ${port} of ${LOOPBACK} cannot be opened (${code}).`;
  return { type: "ServerRefused", sentence };
};

const portOf = (address: AddressInfo | string | null): number =>
  address === null || typeof address === "string" ? 0 : address.port;
