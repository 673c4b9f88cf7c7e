import { distortBody, type Json } from "../faults/distort-body.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import { vendorOfLine } from "../vendors/vendor-paths.ts";
import type { ApiAnswer, RouteAnswer } from "./api.ts";
import { refusalAnswer } from "./refusal-answer.ts";
import { gatewayPage, vendorErrorInside, vendorTooMany } from "./vendor-errors.ts";

/** What strikes before anything has happened. */
export const strikeBefore = (
  faults: FaultControl,
  line: string,
  nowMs: number,
): RouteAnswer | undefined => {
  const limit = faults.strike("rateLimit", line);
  if (limit !== undefined) {
    return { ...vendorTooMany(vendorOfLine(line)), headers: limitHeaders(limit.says, nowMs) };
  }
  const page = faults.strike("plainTextError", line);
  if (page !== undefined) return gatewayPage(page.status);
  if (faults.strike("errorInside", line) !== undefined)
    return vendorErrorInside(vendorOfLine(line));
  const error = faults.strike("errorBefore", line);
  if (error !== undefined) return serverError(error.status);
  if (faults.strike("washTrade", line) === undefined) return undefined;
  return refusalAnswer({
    type: "WashTrade",
    existingOrderId: "00000000-0000-4000-a000-000000000000",
    rejectReason: "opposite side market/stop order exists",
  });
};

/** What Retry-After asks for, seconds. */
const RETRY_AFTER_SECONDS = 20;

const limitHeaders = (
  says: "reset" | "retryAfter" | "nothing" | undefined,
  nowMs: number,
): Readonly<Record<string, string>> => {
  switch (says) {
    case "nothing":
      return {};
    case "retryAfter":
      return { "retry-after": String(RETRY_AFTER_SECONDS) };
    case "reset":
    case undefined: {
      const resetAt = (Math.floor(nowMs / 60_000) + 1) * 60;
      return { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(resetAt) };
    }
  }
};

/** What strikes an answer after everything has happened; it takes `latencyMs` without a fault. */
export const strikeAfter = (
  faults: FaultControl,
  line: string,
  answer: RouteAnswer,
  latencyMs: number,
): ApiAnswer => {
  if (faults.strike("dropAnswer", line) !== undefined) {
    return { ...answer, delivery: { type: "dropped" } };
  }
  if (faults.strike("hangAnswer", line) !== undefined) {
    return { ...answer, delivery: { type: "never" } };
  }
  const error = faults.strike("errorAfter", line);
  if (error !== undefined) return { ...serverError(error.status), delivery: { type: "normal" } };
  const late = faults.strike("lateAnswer", line);
  const delayMs = latencyMs + (late?.delayMs ?? 0);
  const body = answer.body === undefined ? undefined : distort(faults, line, answer.body);
  return {
    ...answer,
    body,
    delivery: delayMs === 0 ? { type: "normal" } : { type: "late", delayMs },
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
