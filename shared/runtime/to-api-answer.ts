import type { Result } from "../domain/result.ts";
import type { ReadRefusal } from "../use-cases/read/read-refusal.ts";
import type { ApiAnswer } from "./api-handler.ts";

/** Turns what a reader returns into an answer: the one place that knows refusals' status codes. */
export const toApiAnswer = (result: Result<object, ReadRefusal>): ApiAnswer => {
  if (result.ok) return { type: "Answer", body: result.value };
  const { detail } = result.error;
  switch (result.error.type) {
    case "InvalidRequest":
      return { type: "Problem", status: 400, detail };
    case "Unavailable":
      return { type: "Problem", status: 503, detail };
  }
};
