import type * as z from "zod/mini";
import { err, ok, type Result } from "../../domain/result.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "../http/http-client.ts";

/** Why an answer cannot be used, in a sentence for the one who asked. */
export type ApiFault = {
  readonly type: "ApiFault";
  readonly sentence: string;
  /** What it said of the thing that was asked for, and is not there. */
  readonly missing?: string;
};

/** An answer in its promised form, and as it came. */
export type ApiReading<Body> = { readonly body: Body; readonly text: string };

/** The operator's API of one Holdfast, wherever it runs. */
export type HoldfastApi = {
  /** The base address, for messages. */
  readonly url: string;
  readonly read: <Body>(
    path: string,
    schema: z.ZodMiniType<Body>,
  ) => Promise<Result<ApiReading<Body>, ApiFault>>;
  /** Asks for a change; what is refused is a fault whose sentence says why. */
  readonly change: <Body>(
    path: string,
    wish: object,
    schema: z.ZodMiniType<Body>,
  ) => Promise<Result<ApiReading<Body>, ApiFault>>;
};

/** Where the API is; the token is sent only if there is one, and never shown. */
export type HoldfastApiOptions = {
  readonly http: HttpClient;
  readonly url: string;
  readonly token?: string | undefined;
};

const READ_TIMEOUT_MS = 5_000;
/** A change is proven before it is answered, for which API Gateway gives 30 s. */
const CHANGE_TIMEOUT_MS = 35_000;

/** Makes a client of the API at a base address. */
export const createHoldfastApi = ({ http, url, token }: HoldfastApiOptions): HoldfastApi => {
  const base = url.replace(/\/+$/, "");
  const headers = {
    accept: "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const ask = async <Body>(
    request: Pick<HttpRequest, "method" | "body" | "headers" | "timeoutMs">,
    path: string,
    schema: z.ZodMiniType<Body>,
  ): Promise<Result<ApiReading<Body>, ApiFault>> => {
    const outcome = await http.send({ ...request, url: `${base}${path}` });
    switch (outcome.type) {
      case "answer":
        return outcome.status === 200
          ? parse(outcome.body, schema, `${base}${path}`)
          : refuse(outcome, base, path);
      case "noConnection":
        return fault(`No Holdfast answers at ${base}; is it running? \`npm start\` starts one.`);
      case "timeout":
      case "reset":
      case "tooLarge":
      case "aborted":
        return fault(`${base} gave no usable answer to ${path}: ${outcome.detail}`);
    }
  };
  return {
    url: base,
    read: (path, schema) =>
      ask({ method: "GET", headers, timeoutMs: READ_TIMEOUT_MS }, path, schema),
    change: (path, wish, schema) =>
      ask(
        {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify(wish),
          timeoutMs: CHANGE_TIMEOUT_MS,
        },
        path,
        schema,
      ),
  };
};

/** A refusal in its own words; a token that is missing or not good enough is named as such. */
const refuse = (
  { status, body }: HttpAnswer,
  base: string,
  path: string,
): Result<never, ApiFault> => {
  const said = sentenceOf(body);
  if (status === 409) return fault(said ?? `${base} refused ${path}.`);
  if (status === 404 && said !== undefined) {
    return err({ type: "ApiFault", sentence: `${said} Asked was ${base}${path}.`, missing: said });
  }
  const isToken = status === 401 || status === 403;
  const hint = isToken ? " Give a token that may, with --token or HOLDFAST_TOKEN." : "";
  const detail = said === undefined ? "" : `: ${said.replace(/\.$/, "")}`;
  return fault(`${base} answered ${status} to ${path}${detail}.${hint}`);
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
const sentenceOf = (text: string): string | undefined => {
  const body = parseJson(text);
  const isProblem = typeof body === "object" && body !== null && "detail" in body;
  return isProblem && typeof body.detail === "string" ? body.detail : undefined;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const fault = (sentence: string): Result<never, ApiFault> => err({ type: "ApiFault", sentence });
