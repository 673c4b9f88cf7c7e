import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { OperatorAct } from "../observation.ts";

/** What a person asks of the API, and who it is. */
export type Wish = { readonly act: OperatorAct; readonly by: string; readonly body: object };

const PATHS: Readonly<Record<OperatorAct, string>> = {
  halt: "/api/trading/halt",
  flatten: "/api/trading/flatten",
  requestResume: "/api/trading/resume/request",
  approveResume: "/api/trading/resume/approve",
  reconcile: "/api/reconcile",
};

/** Writes a wish as the HTTP API hands it over, with what its authorizer vouches for. */
export const toWish = ({ act, by, body }: Wish, nowMs: number): APIGatewayProxyEventV2 => {
  const path = PATHS[act];
  // The event's general type leaves out what the JWT authorizer adds to the context.
  const authorized = { authorizer: { jwt: { claims: { sub: by } } } };
  return {
    version: "2.0",
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: "",
    headers: {},
    body: JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      ...authorized,
      accountId: "000000000000",
      apiId: "simulated",
      domainName: "simulated",
      domainPrefix: "simulated",
      http: { method: "POST", path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "" },
      requestId: `${nowMs}`,
      routeKey: `POST ${path}`,
      stage: "$default",
      time: new Date(nowMs).toISOString(),
      timeEpoch: nowMs,
    },
  };
};
