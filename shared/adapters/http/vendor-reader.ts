import type * as z from "zod";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { VendorFault, VendorFaultClass } from "../../ports/vendor-fault.ts";
import type { HttpAnswer, HttpClient, HttpOutcome, HttpRequest } from "./http-client.ts";
import { parseJson } from "./parse-json.ts";
import { retryAtMs } from "./retry-at.ts";
import { describeMismatch, plainText } from "./safe-text.ts";

/** How one vendor is reached. */
export type VendorReaderDeps = {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly vendor: string;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The credentials within the headers; a vendor that repeats one does not get it into a fault. */
  readonly secrets: readonly string[];
  /** Of a whole read with its second try, milliseconds. */
  readonly timeoutMs: number;
  /** Whether a reset connection ends the read, because whoever calls decides on further tries. */
  readonly triesOnce?: boolean;
};

/** How long one request may take, and whether it is still wanted. */
export type RequestLimits = {
  /** From now on, milliseconds; the reader's own limit stands above it. */
  readonly withinMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** An answer of status 200 whose body matched its contract. */
type VendorReading<Value> = {
  readonly value: Value;
  readonly headers: Readonly<Record<string, string>>;
};

/** Reads from one vendor; every failure is a classed fault, never a throw. */
export type VendorReader = {
  /** The parsed body of a GET, which is tried once more after a reset connection. */
  readonly read: <Value>(
    path: string,
    contract: z.ZodType<Value>,
  ) => Promise<Result<VendorReading<Value>, VendorFault>>;
  /** The answer of any status, for those whose status is the message. */
  readonly ask: (
    method: "GET" | "DELETE",
    path: string,
    limits?: RequestLimits,
  ) => Promise<Result<HttpAnswer, VendorFault>>;
  /** The body of an answer as JSON in which long whole numbers are text; UNKNOWN if it is none. */
  readonly bodyOf: (answer: HttpAnswer) => Result<unknown, VendorFault>;
  /** The body of an answer by its contract; SCHEMA_ERROR names the field that does not match. */
  readonly parse: <Value>(
    answer: HttpAnswer,
    contract: z.ZodType<Value>,
  ) => Result<Value, VendorFault>;
  /** The fault that an answer of this status is. */
  readonly faultOf: (answer: HttpAnswer) => VendorFault;
  /** A fault of this vendor. */
  readonly fault: (faultClass: VendorFaultClass, detail: string) => VendorFault;
};

/** Makes a vendor's reader. */
export const createVendorReader = (deps: VendorReaderDeps): VendorReader => {
  const fault = (faultClass: VendorFaultClass, detail: string): VendorFault => ({
    type: "VendorFault",
    vendor: deps.vendor,
    class: faultClass,
    detail,
  });

  const ask: VendorReader["ask"] = async (method, path, { withinMs = Infinity, signal } = {}) => {
    const request: HttpRequest = {
      method,
      url: deps.baseUrl + path,
      headers: deps.headers,
      timeoutMs: Math.min(deps.timeoutMs, withinMs),
      ...(signal === undefined ? {} : { signal }),
    };
    const outcome =
      deps.triesOnce === true
        ? await deps.http.send(request)
        : await sendTwiceIfReset(deps, request);
    return outcome.type === "answer" ? ok(outcome) : err(fault("NETWORK", outcome.detail));
  };

  const faultOf: VendorReader["faultOf"] = (answer) => {
    const named = fault(
      faultClassOf(answer.status),
      `${answer.status}: ${plainText(answer.body, deps.secrets)}`,
    );
    const atMs = comeBackAtMs(answer, deps.clock.nowMs());
    return atMs === undefined ? named : { ...named, retryAtMs: atMs };
  };

  const bodyOf: VendorReader["bodyOf"] = (answer) => {
    const body = parseJson(answer.body);
    // Not JSON at all is a gateway's page or a torn answer; that the contract changed is not shown.
    return body.ok ? body : err(fault("UNKNOWN", `${answer.status} with a body that is not JSON.`));
  };

  const parse: VendorReader["parse"] = (answer, contract) => {
    const body = bodyOf(answer);
    if (!body.ok) return body;
    const parsed = contract.safeParse(body.value);
    if (parsed.success) return ok(parsed.data);
    return err(fault("SCHEMA_ERROR", describeMismatch(parsed.error, deps.secrets)));
  };

  const read: VendorReader["read"] = async (path, contract) => {
    const answer = await ask("GET", path);
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return err(faultOf(answer.value));
    const value = parse(answer.value, contract);
    return value.ok ? ok({ value: value.value, headers: answer.value.headers }) : value;
  };

  return { read, ask, bodyOf, parse, faultOf, fault };
};

/** A server that is down may say when; its count of requests says nothing about that. */
const comeBackAtMs = ({ status, headers }: HttpAnswer, nowMs: number): number | undefined => {
  const retryAfter = headers["retry-after"];
  if (status === 429) return retryAtMs(headers, nowMs);
  return status === 503 && retryAfter !== undefined
    ? retryAtMs({ "retry-after": retryAfter }, nowMs)
    : undefined;
};

/** Asking again does no harm, and a kept connection that the server dropped is the usual cause. */
const sendTwiceIfReset = async (
  { http, clock }: VendorReaderDeps,
  request: HttpRequest,
): Promise<HttpOutcome> => {
  const startedAtMs = clock.monotonicMs();
  const outcome = await http.send(request);
  if (outcome.type !== "reset") return outcome;
  const leftMs = request.timeoutMs - (clock.monotonicMs() - startedAtMs);
  return http.send({ ...request, timeoutMs: leftMs });
};

/** The class of the failure that an answer of this status is. */
export const faultClassOf = (status: number): VendorFaultClass => {
  if (status === 401 || status === 403) return "AUTH_ERROR";
  if (status === 429) return "RATE_LIMIT";
  return status === 408 || status >= 500 ? "NETWORK" : "UNKNOWN";
};
