import type { Ticker } from "../../domain/market/ticker.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CallLimits, VendorMarketData } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import { plainText } from "../http/safe-text.ts";
import { createVendorReader, type VendorReader } from "../http/vendor-reader.ts";
import type { HttpAnswer } from "../http/http-client.ts";
import { isRecord } from "../http/wire-fields.ts";
import { chunkSymbols } from "../market-data/chunk-symbols.ts";
import { classOfWords } from "../market-data/class-of-words.ts";
import { fetchChunks, type ChunkAnswer } from "../market-data/fetch-chunks.ts";
import { readList } from "../market-data/read-list.ts";
import {
  requestLimits,
  VENDOR_TIMEOUT_MS,
  type VendorConnection,
} from "../market-data/vendor-connection.ts";
import { readTiingoQuote } from "./quote-contract.ts";

/** How Tiingo is reached; the token goes into a header, never into an address. */
export type TiingoConnection = VendorConnection & { readonly token: string };

const SYMBOLS_PER_REQUEST = 250;
const CHARACTERS_MAX = 2_000;
const REQUESTS_AT_ONCE = 2;

/** Market data of IEX from Tiingo: one request for up to 250 symbols; it has no indices. */
export const createTiingoMarketData = (connection: TiingoConnection): VendorMarketData => {
  const { clock, token } = connection;
  const reader = createVendorReader({
    http: connection.http,
    clock,
    vendor: "tiingo",
    baseUrl: connection.baseUrl,
    headers: { authorization: `Token ${token}`, accept: "application/json" },
    secrets: [token],
    timeoutMs: VENDOR_TIMEOUT_MS,
    triesOnce: true,
  });
  const fetchChunk = async (
    symbols: readonly Ticker[],
    limits: CallLimits | undefined,
  ): Promise<Result<ChunkAnswer, VendorFault>> => {
    const path = `/iex?tickers=${symbols.map(wireNameOf).join(",")}`;
    const answer = await reader.ask("GET", path, requestLimits(clock, limits));
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return err(reader.faultOf(answer.value));
    const elements = readElements(reader, answer.value, token);
    if (!elements.ok) return elements;
    const receivedAtMs = clock.nowMs();
    return ok(
      readList(symbols, elements.value, wireNameOf, (symbol, element) =>
        readTiingoQuote(symbol, element, receivedAtMs),
      ),
    );
  };
  return {
    vendor: "tiingo",
    symbolsPerRequest: SYMBOLS_PER_REQUEST,
    fetchSnapshots: (symbols, limits) => {
      const bounds = { symbolsMax: SYMBOLS_PER_REQUEST, charactersMax: CHARACTERS_MAX };
      return fetchChunks("tiingo", chunkSymbols(symbols, bounds), REQUESTS_AT_ONCE, (chunk) =>
        fetchChunk(chunk, limits),
      );
    },
    fetchVolatilityIndex: async () => ok(undefined),
  };
};

/** Classes of shares are written with a dash: `BRK-B`. */
const wireNameOf = (symbol: Ticker): string => symbol.replace(".", "-");

/** A list; the vendor's errors of status 200 are an object with a `detail`, or plain text. */
const readElements = (
  reader: VendorReader,
  answer: HttpAnswer,
  token: string,
): Result<readonly unknown[], VendorFault> => {
  const body = reader.bodyOf(answer);
  if (!body.ok) {
    const faultClass = classOfWords(answer.body.slice(0, WORDS_MAX));
    return faultClass === "UNKNOWN"
      ? body
      : err(reader.fault(faultClass, `200 with an error: ${plainText(answer.body, [token])}`));
  }
  if (Array.isArray(body.value)) return ok(body.value);
  const detail = isRecord(body.value) ? body.value["detail"] : undefined;
  if (typeof detail !== "string") {
    return err(reader.fault("SCHEMA_ERROR", "the body: expected a list"));
  }
  const words = plainText(detail, [token]);
  return err(reader.fault(classOfWords(words), `200 with an error: ${words}`));
};

const WORDS_MAX = 500;
