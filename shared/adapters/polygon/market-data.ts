import type { Ticker } from "../../domain/market/ticker.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CallLimits, VendorMarketData } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import { plainText } from "../http/safe-text.ts";
import { createVendorReader, type VendorReader } from "../http/vendor-reader.ts";
import { isRecord, nanosecondsOf, type WireRecord } from "../http/wire-fields.ts";
import { chunkSymbols } from "../market-data/chunk-symbols.ts";
import { classOfWords } from "../market-data/class-of-words.ts";
import { fetchChunks, type ChunkAnswer } from "../market-data/fetch-chunks.ts";
import { readList } from "../market-data/read-list.ts";
import {
  requestLimits,
  VENDOR_TIMEOUT_MS,
  type VendorConnection,
} from "../market-data/vendor-connection.ts";
import { currentIndex } from "../market-data/volatility-index.ts";
import { readPolygonTicker } from "./snapshot-contract.ts";

/** How Polygon, now Massive, is reached; the key goes into a header, never into an address. */
export type PolygonConnection = VendorConnection & {
  readonly apiKey: string;
  /** Shares in the unit that sizes of quotes are counted in: a round lot unless said otherwise. */
  readonly lotShares?: number;
};

const SYMBOLS_PER_REQUEST = 250;
const CHARACTERS_MAX = 2_000;
const REQUESTS_AT_ONCE = 4;
const ROUND_LOT = 100;
const SNAPSHOTS = "/v2/snapshot/locale/us/markets/stocks/tickers";
const INDEX = "I:VIX";

/** Market data of Polygon (Massive): one request for up to 250 symbols. */
export const createPolygonMarketData = (connection: PolygonConnection): VendorMarketData => {
  const { clock, apiKey, lotShares = ROUND_LOT } = connection;
  const reader = createVendorReader({
    http: connection.http,
    clock,
    vendor: "polygon",
    baseUrl: connection.baseUrl,
    headers: { authorization: `Bearer ${apiKey}`, accept: "application/json" },
    secrets: [apiKey],
    timeoutMs: VENDOR_TIMEOUT_MS,
    triesOnce: true,
  });
  const fetchChunk = async (
    symbols: readonly Ticker[],
    limits: CallLimits | undefined,
  ): Promise<Result<ChunkAnswer, VendorFault>> => {
    const path = `${SNAPSHOTS}?tickers=${symbols.join(",")}`;
    const answer = await reader.ask("GET", path, requestLimits(clock, limits));
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return err(reader.faultOf(answer.value));
    const body = readBody(reader, reader.bodyOf(answer.value), apiKey);
    if (!body.ok) return body;
    const tickers = elementsOf(body.value, "tickers");
    if (tickers === undefined) return err(reader.fault("SCHEMA_ERROR", "tickers: expected a list"));
    const isDelayed = body.value["status"] === "DELAYED";
    const reading = { receivedAtMs: clock.nowMs(), isDelayed, lotShares };
    return ok(
      readList(symbols, tickers, writeAsIs, (symbol, element) =>
        readPolygonTicker(symbol, element, reading),
      ),
    );
  };
  return {
    vendor: "polygon",
    symbolsPerRequest: SYMBOLS_PER_REQUEST,
    fetchSnapshots: (symbols, limits) => {
      const bounds = { symbolsMax: SYMBOLS_PER_REQUEST, charactersMax: CHARACTERS_MAX };
      return fetchChunks("polygon", chunkSymbols(symbols, bounds), REQUESTS_AT_ONCE, (chunk) =>
        fetchChunk(chunk, limits),
      );
    },
    fetchVolatilityIndex: async (limits) => {
      const path = `/v3/snapshot/indices?ticker.any_of=${INDEX}`;
      const answer = await reader.ask("GET", path, requestLimits(clock, limits));
      if (!answer.ok) return answer;
      // Indices are not part of every plan: then there is none, which is no failure.
      if (answer.value.status === 403 || answer.value.status === 404) return ok(undefined);
      if (answer.value.status !== 200) return err(reader.faultOf(answer.value));
      const body = readBody(reader, reader.bodyOf(answer.value), apiKey);
      return body.ok ? readIndex(reader, body.value, clock.nowMs()) : body;
    },
  };
};

const writeAsIs = (symbol: Ticker): string => symbol;

/** An answer of status 200 may still be an error, which its own status says. */
const readBody = (
  reader: VendorReader,
  body: Result<unknown, VendorFault>,
  apiKey: string,
): Result<WireRecord, VendorFault> => {
  if (!body.ok) return body;
  if (!isRecord(body.value)) {
    return err(reader.fault("SCHEMA_ERROR", "the body: expected an object"));
  }
  const { status, error, message } = body.value;
  if (status === "OK" || status === "DELAYED") return ok(body.value);
  if (typeof status !== "string") return err(reader.fault("SCHEMA_ERROR", "status: expected text"));
  const told = typeof error === "string" ? error : typeof message === "string" ? message : "";
  const words = plainText(`${status} ${told}`, [apiKey]);
  return err(reader.fault(classOfWords(words), `200 with an error: ${words}`));
};

/** A list that is empty may be left out, with a count of 0 in its place. */
const elementsOf = (body: WireRecord, name: string): readonly unknown[] | undefined => {
  const list = body[name];
  if (Array.isArray(list)) return list;
  return list === undefined && body["count"] === 0 ? [] : undefined;
};

const readIndex = (
  reader: VendorReader,
  body: WireRecord,
  nowMs: number,
): Result<number | undefined, VendorFault> => {
  const results = body["results"];
  if (!Array.isArray(results)) {
    return err(reader.fault("SCHEMA_ERROR", "results: expected a list"));
  }
  const index: unknown = results.find((each) => isRecord(each) && each["ticker"] === INDEX);
  if (!isRecord(index)) return ok(undefined);
  const { error, value } = index;
  // One that is not found or not in the plan is an error of its own within the answer.
  if (error === "NOT_FOUND" || error === "NOT_ENTITLED") return ok(undefined);
  if (typeof error === "string")
    return err(reader.fault(classOfWords(error), `${INDEX}: an error`));
  const atMs = nanosecondsOf(index["last_updated"]);
  if (typeof value !== "number" || !(value > 0) || atMs === undefined) {
    return err(reader.fault("SCHEMA_ERROR", `${INDEX}: expected a positive value with a time`));
  }
  return ok(currentIndex(value, atMs, nowMs));
};
