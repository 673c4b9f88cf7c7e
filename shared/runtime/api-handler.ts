import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import {
  createInvocation,
  type Deadline,
  describeFault,
  faultKindOf,
  type FunctionHandler,
  type InvocationContext,
  type Runtime,
} from "./invocation.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import { findRoute } from "./find-route.ts";
import { principalOf, readBody } from "./read-api-event.ts";

/** What a route is asked. */
type ApiRequest = {
  readonly query: Readonly<Record<string, string | undefined>>;
  /** What stands in the path where the route says `{name}`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The JSON of the body, not checked; `undefined` without one. */
  readonly body: unknown;
  /** Who asks, as the authorizer vouches; never from the body. `undefined` where it does not. */
  readonly principal: string | undefined;
  readonly deadline: Deadline;
};

/** A request that a route refuses; it becomes problem details (RFC 9457). */
type Problem = {
  readonly type: "Problem";
  readonly status: 400 | 401 | 404 | 409 | 413 | 503;
  /** A sentence for the one who asked. */
  readonly detail: string;
};

/** What a route answers: a body for JSON, text for other programs, or a problem. */
export type ApiAnswer =
  | { readonly type: "Answer"; readonly body: object }
  | { readonly type: "Text"; readonly contentType: string; readonly text: string }
  | Problem;

/** What answers a route. */
export type ApiRoute = (request: ApiRequest) => Promise<ApiAnswer>;

/** A function behind the HTTP API; routes are by method and path, `GET /api/orders/{id}`. */
export type ApiDefinition = {
  readonly name: string;
  readonly mode: string;
  readonly routes: Readonly<Record<string, ApiRoute>>;
  /** Routes whose last good answer is given, with its time, while the store does not answer. */
  readonly keptRoutes?: readonly string[];
};

/** A function as API Gateway's HTTP API calls it. */
export type ApiFunction = FunctionHandler<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
>;

/**
 * Makes the handler of an HTTP API (payload version 2). Bodies are JSON and carry `mode`, except
 * where another program's format is asked for;
 * errors are problem details without any stack; nothing may be cached.
 */
export const createApiHandler = (
  { name, mode, routes, keptRoutes = [] }: ApiDefinition,
  runtime: Runtime,
): ApiFunction => {
  const routesByKey = new Map(Object.entries(routes));
  const kept = createKeptAnswers();
  const isKept = new Set(keptRoutes.map((key) => routes[key]));
  /**
   * A good answer is kept; in place of one that says that nothing can be read, the last good one.
   */
  const keepOrRecall = (event: APIGatewayProxyEventV2, answer: ApiAnswer): ApiAnswer => {
    const address = addressOf(event);
    if (answer.type === "Answer") kept.keep(address, answer.body, event.requestContext.timeEpoch);
    const recalled =
      answer.type === "Problem" && answer.status === 503 ? kept.recall(address) : undefined;
    return recalled === undefined ? answer : { type: "Answer", body: recalled };
  };
  return createInvocation(name, runtime, async (event, context) => {
    const found = findRoute(routesByKey, event.requestContext.http.method, event.rawPath);
    if (found === undefined) return problem(mode, 404, "There is nothing here.");
    const body = readBody(event);
    if (!body.ok) return problem(mode, body.error.status, body.error.detail);
    try {
      const answer = await found.route({
        query: event.queryStringParameters ?? {},
        parameters: found.parameters,
        body: body.value,
        principal: principalOf(event),
        deadline: deadlineOf(context),
      });
      return toResponse(mode, isKept.has(found.route) ? keepOrRecall(event, answer) : answer);
    } catch (error) {
      const kind = faultKindOf(error);
      runtime.metrics.add("fault", "Count", 1);
      runtime.log.write("error", `${name} could not answer: ${describeFault(error)}`, {
        requestId: context.awsRequestId,
        path: event.rawPath,
        kind,
      });
      const recalled = kind === "retry" ? kept.recall(addressOf(event)) : undefined;
      if (recalled !== undefined) return toResponse(mode, { type: "Answer", body: recalled });
      return kind === "retry"
        ? problem(mode, 503, "The data cannot be read now; try again.")
        : problem(mode, 500, "Holdfast has failed; the log says how.");
    }
  });
};

const addressOf = ({ rawPath, rawQueryString }: APIGatewayProxyEventV2): string =>
  `${rawPath}?${rawQueryString}`;

const toResponse = (mode: string, answer: ApiAnswer): APIGatewayProxyStructuredResultV2 => {
  switch (answer.type) {
    case "Answer":
      return respond(200, "application/json", JSON.stringify({ ...answer.body, mode }));
    case "Text":
      return respond(200, answer.contentType, answer.text);
    case "Problem":
      return problem(mode, answer.status, answer.detail);
  }
};

const deadlineOf = (context: InvocationContext): Deadline => ({
  remainingMs: () => context.getRemainingTimeInMillis(),
});

const TITLES = {
  400: "The request is not valid.",
  401: "Nobody vouches for you.",
  404: "Not found.",
  409: "Refused.",
  413: "The request is too large.",
  500: "Internal error.",
  503: "Not available.",
} as const;

const problem = (
  mode: string,
  status: keyof typeof TITLES,
  detail: string,
): APIGatewayProxyStructuredResultV2 =>
  respond(
    status,
    "application/problem+json",
    JSON.stringify({ type: "about:blank", title: TITLES[status], status, detail, mode }),
  );

const respond = (
  statusCode: number,
  contentType: string,
  body: string,
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: {
    "content-type": contentType,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  },
  body,
});
