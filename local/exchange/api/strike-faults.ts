import { distortBody, type Json } from "../faults/distort-body.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import { alpacaError, type ApiAnswer, type RouteAnswer } from "./api.ts";
import { refusalAnswer } from "./refusal-answer.ts";

/** Alpaca's answer beyond the limit of requests. */
export const tooManyRequests = alpacaError(429, 42910000, "too many requests.");

/** What strikes before anything has happened. */
export const strikeBefore = (
  faults: FaultControl,
  line: string,
  nowMs: number,
): RouteAnswer | undefined => {
  if (faults.strike("rateLimit", line) !== undefined) {
    const resetAt = (Math.floor(nowMs / 60_000) + 1) * 60;
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(resetAt) };
    return { ...tooManyRequests, headers };
  }
  const error = faults.strike("errorBefore", line);
  if (error !== undefined) return serverError(error.status);
  if (faults.strike("washTrade", line) === undefined) return undefined;
  return refusalAnswer({
    type: "WashTrade",
    existingOrderId: "00000000-0000-4000-a000-000000000000",
    rejectReason: "opposite side market/stop order exists",
  });
};

/** What strikes an answer after everything has happened. */
export const strikeAfter = (faults: FaultControl, line: string, answer: RouteAnswer): ApiAnswer => {
  if (faults.strike("dropAnswer", line) !== undefined) {
    return { ...answer, delivery: { type: "dropped" } };
  }
  const error = faults.strike("errorAfter", line);
  if (error !== undefined) return { ...serverError(error.status), delivery: { type: "normal" } };
  const late = faults.strike("lateAnswer", line);
  const body = answer.body === undefined ? undefined : distort(faults, line, answer.body);
  return {
    ...answer,
    body,
    delivery: late === undefined ? { type: "normal" } : { type: "late", delayMs: late.delayMs },
  };
};

const serverError = (status: number): RouteAnswer => ({
  status,
  body: { message: "internal server error occurred" },
});

const distort = (faults: FaultControl, line: string, body: Json): Json => {
  let distorted = body;
  for (const name of ["removeField", "renameField", "changeType"] as const) {
    const fault = faults.strike(name, line);
    if (fault !== undefined) distorted = distortBody(distorted, fault);
  }
  if (!Array.isArray(distorted)) return distorted;
  if (faults.strike("repeatEvents", line) !== undefined) {
    distorted = distorted.flatMap((each: Json) => [each, each]);
  }
  if (faults.strike("reorderEvents", line) !== undefined && Array.isArray(distorted)) {
    distorted = distorted.toReversed();
  }
  return distorted;
};
