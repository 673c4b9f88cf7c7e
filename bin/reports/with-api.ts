import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHoldfastApi, type HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import { createHttpClient } from "../../shared/adapters/http/http-client.ts";
import type { Result } from "../../shared/domain/result.ts";
import { usageFault, VerbFault, type VerbContext, type VerbInput } from "../verb.ts";

/** Gives `work` the API that the verb was pointed at, and closes its connections afterwards. */
export const withApi = async <Value>(
  input: VerbInput,
  context: VerbContext,
  work: (api: HoldfastApi) => Promise<Value>,
): Promise<Value> => {
  const url = checkUrl(String(input.options["url"]));
  const http = createHttpClient({ clock: createHostClock() });
  try {
    const token = context.environment["HOLDFAST_TOKEN"];
    return await work(createHoldfastApi({ http, url, token }));
  } finally {
    http.close();
  }
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
