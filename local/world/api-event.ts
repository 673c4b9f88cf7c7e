import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** A request as the HTTP API hands it to a function. */
export type ApiEvent = APIGatewayProxyEventV2;

/** What a function answers. */
export type ApiAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What a wish has beyond a question: who asks, as the authorizer says, and a body. */
export type Wish = { readonly principal: string; readonly body: string };

/** Writes a request as an event of the HTTP API, format 2.0. */
export const toApiEvent = (
  incoming: IncomingMessage,
  url: URL,
  nowMs: number,
  wish?: Wish,
): ApiEvent => {
  // The event's general type leaves out what the JWT authorizer adds to the context.
  const authorized =
    wish === undefined ? {} : { authorizer: { jwt: { claims: { sub: wish.principal } } } };
  const method = incoming.method ?? "GET";
  const query = Object.fromEntries(url.searchParams);
  return {
    version: "2.0",
    routeKey: `${method} ${url.pathname}`,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value.toString()]],
      ),
    ),
    ...(url.search === "" ? {} : { queryStringParameters: query }),
    ...(wish === undefined || wish.body === "" ? {} : { body: wish.body }),
    isBase64Encoded: false,
    requestContext: {
      ...authorized,
      accountId: "000000000000",
      apiId: "local",
      domainName: "127.0.0.1",
      domainPrefix: "local",
      http: {
        method,
        path: url.pathname,
        protocol: `HTTP/${incoming.httpVersion}`,
        sourceIp: "127.0.0.1",
        userAgent: incoming.headers["user-agent"] ?? "",
      },
      requestId: `${nowMs}`,
      routeKey: `${method} ${url.pathname}`,
      stage: "$default",
      time: new Date(nowMs).toISOString(),
      timeEpoch: nowMs,
    },
  };
};
