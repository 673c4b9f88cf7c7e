import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHoldfastApi, type HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import { createHttpClient } from "../../shared/adapters/http/http-client.ts";
import { readTokensFile } from "../../local/world/operator-tokens.ts";
import type { Result } from "../../shared/domain/result.ts";
import { usageFault, VerbFault, type VerbContext, type VerbInput } from "../verb.ts";

/** What was typed, and whose token of the local world is taken where none was given. */
type ApiInput = VerbInput & { readonly role?: "operator" | "approver" };

/** Gives `work` the API that the verb was pointed at, and closes its connections afterwards. */
export const withApi = async <Value>(
  input: ApiInput,
  context: VerbContext,
  work: (api: HoldfastApi) => Promise<Value>,
): Promise<Value> => {
  const url = checkUrl(String(input.options["url"]));
  const http = createHttpClient({ clock: createHostClock() });
  try {
    return await work(createHoldfastApi({ http, url, token: findToken(input, context, url) }));
  } finally {
    http.close();
  }
};

/** The token that was given, else the local world's own, which never leaves this machine. */
const findToken = (
  { options, role = "operator" }: ApiInput,
  { environment }: VerbContext,
  url: string,
): string | undefined => {
  const given = options["token"]?.toString() ?? environment["HOLDFAST_TOKEN"];
  if (given !== undefined && given !== "") return given;
  const state = options["state"];
  const isLocal = URL.parse(url)?.protocol === "http:";
  return isLocal && typeof state === "string" ? readTokensFile(state)?.[role] : undefined;
};

/** The value, or a failure of the verb. */
export const orFail = <Value>(result: Result<Value, { readonly sentence: string }>): Value => {
  if (result.ok) return result.value;
  throw new VerbFault(result.error.sentence);
};

/** A token must not cross a network in the open, so plain HTTP is for this machine alone. */
const checkUrl = (text: string): string => {
  const url = URL.parse(text);
  const isPlain = url?.protocol === "http:";
  if (url === null || (!isPlain && url.protocol !== "https:")) {
    throw usageFault(`--url takes an address such as http://127.0.0.1:4477, not ${text}.`);
  }
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (isPlain && !isHere) throw usageFault("--url takes https for any machine but this one.");
  return url.href;
};
