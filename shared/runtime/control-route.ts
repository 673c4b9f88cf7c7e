import type * as z from "zod";
import type { Result } from "../domain/result.ts";
import type { ControlRefusal } from "../use-cases/control-refusal.ts";
import type { ApiAnswer, ApiRoute } from "./api-handler.ts";
import { badFieldsOf } from "./bad-fields.ts";
import type { Deadline } from "./invocation.ts";
import { toApiAnswer } from "./to-api-answer.ts";

/** A route that changes something: it is refused unless the authorizer says who asks. */
export const controlRoute =
  (work: (by: string, deadline: Deadline) => Promise<Result<object, ControlRefusal>>): ApiRoute =>
  async ({ principal, deadline }) =>
    principal === undefined ? NOBODY : toApiAnswer(await work(principal, deadline));

/** The same with a body; who asks is never taken from it. */
export const controlRouteWith =
  <Body>(
    schema: z.ZodType<Body>,
    work: (body: Body, by: string, deadline: Deadline) => Promise<Result<object, ControlRefusal>>,
  ): ApiRoute =>
  async (request) => {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) {
      const detail = `The body is not valid; look at: ${badFieldsOf(parsed.error)}.`;
      return { type: "Problem", status: 400, detail };
    }
    return controlRoute((by, deadline) => work(parsed.data, by, deadline))(request);
  };

const NOBODY: ApiAnswer = {
  type: "Problem",
  status: 401,
  detail: "The request carries nobody's name; only an authorizer gives it one.",
};
