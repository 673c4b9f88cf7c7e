import type * as z from "zod/mini";
import { err, ok, type Result } from "../../domain/result.ts";
import type { HttpClient } from "../http/http-client.ts";

/** Why an answer cannot be used, in a sentence for the one who asked. */
export type ApiFault = { readonly type: "ApiFault"; readonly sentence: string };

/** An answer in its promised form, and as it came. */
export type ApiReading<Body> = { readonly body: Body; readonly text: string };

/** Reads the operator's API of one Holdfast, wherever it runs. */
export type HoldfastApi = {
  /** The base address, for messages. */
  readonly url: string;
  readonly read: <Body>(
    path: string,
    schema: z.ZodMiniType<Body>,
  ) => Promise<Result<ApiReading<Body>, ApiFault>>;
};

/** Where the API is; the token is sent only if there is one, and never shown. */
export type HoldfastApiOptions = {
  readonly http: HttpClient;
  readonly url: string;
  readonly token?: string | undefined;
};

const TIMEOUT_MS = 5_000;

/** Makes a client of the API at a base address. */
export const createHoldfastApi = ({ http, url, token }: HoldfastApiOptions): HoldfastApi => {
  const base = url.replace(/\/+$/, "");
  return {
    url: base,
    read: async (path, schema) => {
      const outcome = await http.send({
        method: "GET",
        url: `${base}${path}`,
        headers: {
          accept: "application/json",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        timeoutMs: TIMEOUT_MS,
      });
      switch (outcome.type) {
        case "answer":
          return outcome.status === 200
            ? parse(outcome.body, schema, `${base}${path}`)
            : fault(`${base} answered ${outcome.status} to ${path}${detailOf(outcome.body)}.`);
        case "noConnection":
          return fault(`No Holdfast answers at ${base}; is it running? \`npm start\` starts one.`);
        case "timeout":
        case "reset":
        case "tooLarge":
        case "aborted":
          return fault(`${base} gave no usable answer to ${path}: ${outcome.detail}`);
      }
    },
  };
};

const parse = <Body>(
  text: string,
  schema: z.ZodMiniType<Body>,
  address: string,
): Result<ApiReading<Body>, ApiFault> => {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return ok({ body: parsed.data, text });
  const fields = parsed.error.issues.map(
    (issue) => issue.path.map(String).join(".") || "the whole",
  );
  const named = [...new Set(fields)].slice(0, 5).join(", ");
  return fault(`${address} answered in a form that is not known; look at: ${named}.`);
};

/** The sentence of problem details, if that is what the body is. */
const detailOf = (text: string): string => {
  const body = parseJson(text);
  const isProblem = typeof body === "object" && body !== null && "detail" in body;
  return isProblem && typeof body.detail === "string" ? `: ${body.detail.replace(/\.$/, "")}` : "";
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const fault = (sentence: string): Result<never, ApiFault> => err({ type: "ApiFault", sentence });
