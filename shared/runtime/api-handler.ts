import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { createInvocation, type FunctionHandler, type Runtime } from "./invocation.ts";
import { describeFault, faultKindOf } from "./invocation.ts";

/** What a route is asked. */
type ApiRequest = { readonly query: Readonly<Record<string, string | undefined>> };

/** A request that a route refuses; it becomes problem details (RFC 9457). */
type Problem = {
  readonly type: "Problem";
  readonly status: 400 | 404 | 503;
  /** A sentence for the one who asked. */
  readonly detail: string;
};

/** What a route answers: a body for JSON, or a problem. */
export type ApiAnswer = { readonly type: "Answer"; readonly body: object } | Problem;

/** A function behind the HTTP API; routes are by method and path, `GET /api/funnel`. */
export type ApiDefinition = {
  readonly name: string;
  readonly mode: string;
  readonly routes: Readonly<Record<string, (request: ApiRequest) => Promise<ApiAnswer>>>;
};

/** A function as API Gateway's HTTP API calls it. */
export type ApiFunction = FunctionHandler<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
>;

/**
 * Makes the handler of an HTTP API (payload version 2). Every body is JSON and carries `mode`;
 * errors are problem details without any stack; nothing may be cached.
 */
export const createApiHandler = (
  { name, mode, routes }: ApiDefinition,
  runtime: Runtime,
): ApiFunction => {
  const routesByKey = new Map(Object.entries(routes));
  return createInvocation(name, runtime, async (event, context) => {
    const method = event.requestContext.http.method;
    const route = routesByKey.get(`${method} ${event.rawPath}`);
    if (route === undefined) return problem(mode, 404, "There is nothing here.");
    try {
      const answer = await route({ query: event.queryStringParameters ?? {} });
      return answer.type === "Answer"
        ? respond(200, "application/json", { ...answer.body, mode })
        : problem(mode, answer.status, answer.detail);
    } catch (error) {
      const kind = faultKindOf(error);
      runtime.metrics.add("fault", "Count", 1);
      runtime.log.write("error", `${name} could not answer: ${describeFault(error)}`, {
        requestId: context.awsRequestId,
        path: event.rawPath,
        kind,
      });
      return kind === "retry"
        ? problem(mode, 503, "The data cannot be read now; try again.")
        : problem(mode, 500, "Holdfast has failed; the log says how.");
    }
  });
};

const TITLES = {
  400: "The request is not valid.",
  404: "Not found.",
  500: "Internal error.",
  503: "Not available.",
} as const;

const problem = (
  mode: string,
  status: keyof typeof TITLES,
  detail: string,
): APIGatewayProxyStructuredResultV2 =>
  respond(status, "application/problem+json", {
    type: "about:blank",
    title: TITLES[status],
    status,
    detail,
    mode,
  });

const respond = (
  statusCode: number,
  contentType: string,
  body: object,
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: {
    "content-type": contentType,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  },
  body: JSON.stringify(body),
});
