import type { Ticker } from "../../domain/market/ticker.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CallLimits, VendorMarketData } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import { parseJson } from "../http/parse-json.ts";
import { plainText } from "../http/safe-text.ts";
import { createVendorReader, type VendorReader } from "../http/vendor-reader.ts";
import type { HttpAnswer } from "../http/http-client.ts";
import { isAbsent, isRecord } from "../http/wire-fields.ts";
import { chunkSymbols } from "../market-data/chunk-symbols.ts";
import { classOfWords } from "../market-data/class-of-words.ts";
import { fetchChunks, type ChunkAnswer } from "../market-data/fetch-chunks.ts";
import {
  requestLimits,
  VENDOR_TIMEOUT_MS,
  type VendorConnection,
} from "../market-data/vendor-connection.ts";
import { currentIndex } from "../market-data/volatility-index.ts";
import { readYahooChart, readYahooIndex } from "./chart-contract.ts";

/**
 * The vendor answers one symbol a request: as many as a poll may make go out together, because it
 * stands in for others, and every further round of requests would make that failover longer.
 */
const REQUESTS_AT_ONCE = 20;
const INDEX = "^VIX";

/** Market data of Yahoo's chart, which nobody promises: last trades only, one request a symbol. */
export const createYahooMarketData = (connection: VendorConnection): VendorMarketData => {
  const { clock } = connection;
  const reader = createVendorReader({
    http: connection.http,
    clock,
    vendor: "yahoo",
    baseUrl: connection.baseUrl,
    // Requests without any name are refused.
    headers: { accept: "application/json", "user-agent": "Mozilla/5.0 (compatible; Holdfast)" },
    secrets: [],
    timeoutMs: VENDOR_TIMEOUT_MS,
    triesOnce: true,
  });
  /** The chart, or `undefined` where the vendor does not know the name. */
  const fetchChart = async (
    wireName: string,
    limits: CallLimits | undefined,
  ): Promise<Result<unknown, VendorFault>> => {
    const path = `/v8/finance/chart/${encodeURIComponent(wireName)}?interval=1m&range=1d`;
    const answer = await reader.ask("GET", path, requestLimits(clock, limits));
    return answer.ok ? readChart(reader, answer.value) : answer;
  };
  const fetchOne = async (
    symbol: Ticker,
    limits: CallLimits | undefined,
  ): Promise<Result<ChunkAnswer, VendorFault>> => {
    const wireName = symbol.replace(".", "-");
    const chart = await fetchChart(wireName, limits);
    if (!chart.ok) return chart;
    if (chart.value === undefined) return ok({ ...NOTHING, missing: [symbol] });
    const reading = readYahooChart(symbol, wireName, chart.value, clock.nowMs());
    return ok(
      typeof reading === "string"
        ? { ...NOTHING, unreadable: [{ symbol, reason: reading }] }
        : { ...NOTHING, snapshots: [reading] },
    );
  };
  return {
    vendor: "yahoo",
    symbolsPerRequest: 1,
    fetchSnapshots: (symbols, limits) =>
      fetchChunks("yahoo", chunkSymbols(symbols, ONE_EACH), REQUESTS_AT_ONCE, async ([symbol]) =>
        symbol === undefined ? ok(NOTHING) : fetchOne(symbol, limits),
      ),
    fetchVolatilityIndex: async (limits) => {
      const chart = await fetchChart(INDEX, limits);
      if (!chart.ok) return chart;
      if (chart.value === undefined) return ok(undefined);
      const index = readYahooIndex(INDEX, chart.value);
      if (typeof index === "string") return err(reader.fault("SCHEMA_ERROR", index));
      return ok(currentIndex(index.value, index.atMs, clock.nowMs()));
    },
  };
};

const NOTHING: ChunkAnswer = { snapshots: [], missing: [], unreadable: [] };
const ONE_EACH = { symbolsMax: 1, charactersMax: 1_000 };

/** `chart.error` may come with any status; limits of the rate come as plain text. */
const readChart = (reader: VendorReader, answer: HttpAnswer): Result<unknown, VendorFault> => {
  const isError = answer.status !== 200;
  const parsed = parseJson(answer.body);
  const chart = parsed.ok && isRecord(parsed.value) ? parsed.value["chart"] : undefined;
  if (!isRecord(chart)) {
    if (isError) return err(reader.faultOf(answer));
    return parsed.ok
      ? err(reader.fault("SCHEMA_ERROR", "chart: expected an object"))
      : reader.bodyOf(answer);
  }
  const { error, result } = chart;
  if (isRecord(error)) return readError(reader, answer, error);
  if (isError) return err(reader.faultOf(answer));
  if (!isAbsent(error)) return err(reader.fault("SCHEMA_ERROR", "chart.error: expected an object"));
  return Array.isArray(result) && result.length === 1
    ? ok(result[0])
    : err(reader.fault("SCHEMA_ERROR", "chart.result: expected a list of one"));
};

const readError = (
  reader: VendorReader,
  answer: HttpAnswer,
  { code, description }: Readonly<Record<string, unknown>>,
): Result<unknown, VendorFault> => {
  if (code === "Not Found" && (answer.status === 404 || answer.status === 200)) {
    return ok(undefined);
  }
  if (answer.status !== 200) return err(reader.faultOf(answer));
  const words = plainText(`${String(code)} ${String(description)}`, []);
  return err(reader.fault(classOfWords(words), `200 with an error: ${words}`));
};
