import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** A request as the HTTP API hands it over; `principal` is what its authorizer has verified. */
export const apiEvent = (
  method: "GET" | "POST",
  path: string,
  { principal, body }: { readonly principal?: string; readonly body?: unknown } = {},
): APIGatewayProxyEventV2 => {
  const authorizer = { jwt: { claims: { sub: principal }, scopes: null } };
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: {},
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    requestContext: {
      accountId: "",
      apiId: "",
      domainName: "",
      domainPrefix: "",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      requestId: "",
      routeKey: "$default",
      stage: "$default",
      time: "",
      timeEpoch: 0,
      ...(principal === undefined ? {} : { authorizer }),
    },
  };
};
