import * as z from "zod";
import type { Snapshot } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { MarketData, SnapshotAnswer, UnreadableSnapshot } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import { describeMismatch } from "../http/safe-text.ts";
import { createVendorReader, type VendorReader } from "../http/vendor-reader.ts";
import { credentialHeaders, secretsOf, type AlpacaConnection } from "./connection.ts";
import { AlpacaSnapshot, snapshotOf } from "./snapshot-contract.ts";
import { TimeText } from "./wire-types.ts";

/** Where Alpaca takes its prices from; a free plan has `iex` live. */
export type AlpacaFeed = "sip" | "iex" | "delayed_sip" | "otc" | "boats" | "overnight";

const TIMEOUT_MS = 5_000;
const SYMBOLS_PER_CALL = 100;
const VOLATILITY_AGE_MAX_MS = 10 * 60_000;

/** Market data of Alpaca: one call for up to 100 symbols, on its data host. */
export const createAlpacaMarketData = (
  connection: AlpacaConnection & { readonly feed?: AlpacaFeed },
): MarketData => {
  const { clock, feed = "iex" } = connection;
  const reader = createVendorReader({
    http: connection.http,
    clock,
    vendor: "alpaca",
    baseUrl: connection.baseUrl,
    headers: credentialHeaders(connection.credentials),
    secrets: secretsOf(connection.credentials),
    timeoutMs: TIMEOUT_MS,
  });
  return {
    fetchSnapshots: async (symbols) => {
      const chunks = chunksOf(symbols, SYMBOLS_PER_CALL);
      const answers = await Promise.all(
        chunks.map(async (chunk) => {
          const path = `/v2/stocks/snapshots?symbols=${chunk.join(",")}&feed=${feed}`;
          const reading = await reader.read(path, SnapshotsBySymbol);
          return reading.ok
            ? readSnapshots(reader, chunk, reading.value.value, clock.nowMs())
            : reading;
        }),
      );
      return joinAnswers(answers);
    },
    fetchVolatilityIndex: async () => {
      const answer = await reader.ask("GET", "/v1beta1/indices/latest/values?symbols=VIX");
      if (!answer.ok) return answer;
      // Indices are not part of every plan: then there is none, which is no failure.
      if (answer.value.status === 403 || answer.value.status === 404) return ok(undefined);
      if (answer.value.status !== 200) return err(reader.faultOf(answer.value));
      const body = reader.parse(answer.value, IndexValues);
      if (!body.ok) return body;
      const index = body.value.values.VIX;
      const isCurrent =
        index !== undefined && Math.abs(clock.nowMs() - index.t) <= VOLATILITY_AGE_MAX_MS;
      return ok(isCurrent ? index.v : undefined);
    },
  };
};

const SnapshotsBySymbol = z.record(z.string(), z.unknown());

const IndexValues = z.object({
  values: z.object({ VIX: z.object({ t: TimeText, v: z.number().positive() }).optional() }),
});

const chunksOf = (symbols: readonly Ticker[], size: number): readonly (readonly Ticker[])[] =>
  Array.from({ length: Math.ceil(symbols.length / size) }, (_none, index) =>
    symbols.slice(index * size, (index + 1) * size),
  );

/** One symbol that cannot be read leaves the others; none that can is a changed contract. */
const readSnapshots = (
  reader: VendorReader,
  symbols: readonly Ticker[],
  wireBySymbol: Readonly<Record<string, unknown>>,
  receivedAtMs: number,
): Result<SnapshotAnswer, VendorFault> => {
  const snapshots: Snapshot[] = [];
  const missing: Ticker[] = [];
  const unreadable: UnreadableSnapshot[] = [];
  for (const symbol of symbols) {
    const wire = Object.hasOwn(wireBySymbol, symbol) ? wireBySymbol[symbol] : undefined;
    if (wire === undefined || wire === null) {
      missing.push(symbol);
      continue;
    }
    const parsed = AlpacaSnapshot.safeParse(wire);
    if (parsed.success) snapshots.push(snapshotOf(symbol, parsed.data, receivedAtMs));
    else unreadable.push({ symbol, reason: describeMismatch(parsed.error) });
  }
  const [first] = unreadable;
  if (first !== undefined && snapshots.length === 0) {
    return err(reader.fault("SCHEMA_ERROR", `${first.symbol}: ${first.reason}`));
  }
  return ok({ snapshots, missing, unreadable });
};

const joinAnswers = (
  answers: readonly Result<SnapshotAnswer, VendorFault>[],
): Result<SnapshotAnswer, VendorFault> => {
  const parts: SnapshotAnswer[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    parts.push(answer.value);
  }
  return ok({
    snapshots: parts.flatMap((part) => part.snapshots),
    missing: parts.flatMap((part) => part.missing),
    unreadable: parts.flatMap((part) => part.unreadable ?? []),
  });
};
