import type { Snapshot } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CallLimits, UnreadableSnapshot, VendorMarketData } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import { createVendorReader, type VendorReader } from "../http/vendor-reader.ts";
import { isRecord, timeOf } from "../http/wire-fields.ts";
import { chunkSymbols } from "../market-data/chunk-symbols.ts";
import { classOfWords } from "../market-data/class-of-words.ts";
import { fetchChunks, type ChunkAnswer } from "../market-data/fetch-chunks.ts";
import { requestLimits, VENDOR_TIMEOUT_MS } from "../market-data/vendor-connection.ts";
import { currentIndex } from "../market-data/volatility-index.ts";
import { credentialHeaders, secretsOf, type AlpacaConnection } from "./connection.ts";
import { readAlpacaSnapshot, type AlpacaMarks } from "./snapshot-contract.ts";

/** Where Alpaca takes its prices from; a free plan has `iex` live. */
export type AlpacaFeed = "sip" | "iex" | "delayed_sip" | "otc" | "boats" | "overnight";

const SYMBOLS_PER_REQUEST = 100;
const CHARACTERS_MAX = 2_000;
const REQUESTS_AT_ONCE = 4;

/** Market data of Alpaca: one request for up to 100 symbols, on its data host. */
export const createAlpacaMarketData = (
  connection: AlpacaConnection & { readonly feed?: AlpacaFeed },
): VendorMarketData => {
  const { clock, feed = "iex" } = connection;
  const marks = marksOf(feed);
  const reader = createVendorReader({
    http: connection.http,
    clock,
    vendor: "alpaca",
    baseUrl: connection.baseUrl,
    headers: credentialHeaders(connection.credentials),
    secrets: secretsOf(connection.credentials),
    timeoutMs: VENDOR_TIMEOUT_MS,
    triesOnce: true,
  });
  const fetchChunk = async (
    symbols: readonly Ticker[],
    limits: CallLimits | undefined,
  ): Promise<Result<ChunkAnswer, VendorFault>> => {
    const path = `/v2/stocks/snapshots?symbols=${symbols.join(",")}&feed=${feed}`;
    const answer = await reader.ask("GET", path, requestLimits(clock, limits));
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return err(reader.faultOf(answer.value));
    const body = reader.bodyOf(answer.value);
    return body.ok ? readSnapshots(reader, symbols, body.value, clock.nowMs(), marks) : body;
  };
  return {
    vendor: "alpaca",
    symbolsPerRequest: SYMBOLS_PER_REQUEST,
    fetchSnapshots: (symbols, limits) => {
      const bounds = { symbolsMax: SYMBOLS_PER_REQUEST, charactersMax: CHARACTERS_MAX };
      return fetchChunks("alpaca", chunkSymbols(symbols, bounds), REQUESTS_AT_ONCE, (chunk) =>
        fetchChunk(chunk, limits),
      );
    },
    fetchVolatilityIndex: async (limits) => {
      const path = "/v1beta1/indices/latest/values?symbols=VIX";
      const answer = await reader.ask("GET", path, requestLimits(clock, limits));
      if (!answer.ok) return answer;
      // Indices are not part of every plan: then there is none, which is no failure.
      if (answer.value.status === 403 || answer.value.status === 404) return ok(undefined);
      if (answer.value.status !== 200) return err(reader.faultOf(answer.value));
      const body = reader.bodyOf(answer.value);
      return body.ok ? readIndex(reader, body.value, clock.nowMs()) : body;
    },
  };
};

/** The feed of one exchange is no second witness beside another vendor of the same exchange. */
const marksOf = (feed: AlpacaFeed): AlpacaMarks => {
  switch (feed) {
    case "iex":
      return { origin: "iex" };
    case "delayed_sip":
      return { quality: "delayed" };
    case "sip":
    case "otc":
    case "boats":
    case "overnight":
      return {};
  }
};

/** One symbol that cannot be read leaves the others. */
const readSnapshots = (
  reader: VendorReader,
  symbols: readonly Ticker[],
  body: unknown,
  receivedAtMs: number,
  marks: AlpacaMarks,
): Result<ChunkAnswer, VendorFault> => {
  if (!isRecord(body)) return err(reader.fault("SCHEMA_ERROR", "the body: expected an object"));
  const { message } = body;
  // No symbol is written in small letters: an error within an answer of status 200.
  if (typeof message === "string") return err(reader.fault(classOfWords(message), "200: an error"));
  const snapshots: Snapshot[] = [];
  const missing: Ticker[] = [];
  const unreadable: UnreadableSnapshot[] = [];
  for (const symbol of symbols) {
    const wire = Object.hasOwn(body, symbol) ? body[symbol] : undefined;
    if (wire === undefined || wire === null) {
      missing.push(symbol);
      continue;
    }
    const reading = readAlpacaSnapshot(symbol, wire, receivedAtMs, marks);
    if (typeof reading === "string") unreadable.push({ symbol, reason: reading });
    else snapshots.push(reading);
  }
  return ok({ snapshots, missing, unreadable });
};

const readIndex = (
  reader: VendorReader,
  body: unknown,
  nowMs: number,
): Result<number | undefined, VendorFault> => {
  const values = isRecord(body) ? body["values"] : undefined;
  if (!isRecord(values)) return err(reader.fault("SCHEMA_ERROR", "values: expected an object"));
  const index = values["VIX"];
  if (index === undefined) return ok(undefined);
  const value = isRecord(index) ? index["v"] : undefined;
  const atMs = isRecord(index) ? timeOf(index["t"]) : undefined;
  if (typeof value !== "number" || !(value > 0) || atMs === undefined) {
    return err(reader.fault("SCHEMA_ERROR", "values.VIX: expected a positive number with a time"));
  }
  return ok(currentIndex(value, atMs, nowMs));
};
