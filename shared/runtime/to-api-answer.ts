import type { Result } from "../domain/result.ts";
import type { ControlRefusal } from "../use-cases/control-refusal.ts";
import type { ApiAnswer } from "./api-handler.ts";

/**
 * Turns what a use case returns into an answer: the one place that knows refusals' status codes.
 */
export const toApiAnswer = (result: Result<object, ControlRefusal>): ApiAnswer => {
  if (result.ok) return { type: "Answer", body: result.value };
  const { detail } = result.error;
  switch (result.error.type) {
    case "InvalidRequest":
      return { type: "Problem", status: 400, detail };
    case "NotFound":
      return { type: "Problem", status: 404, detail };
    case "Refused":
      return { type: "Problem", status: 409, detail };
    case "Unavailable":
      return { type: "Problem", status: 503, detail };
  }
};
