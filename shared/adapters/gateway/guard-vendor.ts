import { err, type Result } from "../../domain/result.ts";
import type { SnapshotAnswer, VendorMarketData } from "../../ports/market-data.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { AskedVendor } from "../../domain/market/vendor-policy.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import type { Breakers } from "../calls/breakers.ts";
import type { Calls } from "../calls/calls.ts";
import type { CallFailure, Source } from "../calls/source.ts";
import type { AskResult, GatewayVendor } from "./gateway-vendor.ts";

/** A vendor, and what stands between it and the gateway. */
export type GuardedVendor = {
  readonly vendor: AskedVendor;
  readonly data: VendorMarketData;
  readonly origin: string;
  readonly calls: Calls;
  readonly breakers: Pick<Breakers, "admit" | "record" | "letsAllThrough">;
};

/**
 * The vendor behind its breaker and its time-out. Where one request is for one symbol, each symbol
 * has a breaker of its own as well, so that one that always fails is not asked for any more.
 */
export const guardVendor = (guarded: GuardedVendor): GatewayVendor => {
  const { vendor, data, origin, calls } = guarded;
  const snapshots = `${vendor}.snapshots`;
  return {
    vendor,
    origin,
    symbolsPerRequest: data.symbolsPerRequest,
    ...(data.connections === undefined ? {} : { connections: data.connections }),
    ...(data.prepare === undefined ? {} : { prepare: data.prepare }),
    isWell: () => guarded.breakers.letsAllThrough(snapshots),
    usualMs: (share) => calls.latencyMs(snapshots, share),
    ask: async (symbols, limits) => {
      const asked =
        data.symbolsPerRequest === 1 ? await admittedOf(guarded, symbols) : { symbols, leaves: [] };
      if (asked.symbols.length === 0) return ALL_REFUSED;
      const ask: Source<SnapshotAnswer>["ask"] = (within) =>
        orFault(vendor, () => data.fetchSnapshots(asked.symbols, within));
      const read = await calls.read({ vendor, name: snapshots, ask }, limits);
      const result: AskResult = read.ok
        ? { type: "answered", answer: read.value }
        : failureOf(vendor, read.error);
      recordSymbols(guarded, asked.leaves, result);
      return result;
    },
    askVolatilityIndex: async (limits) => {
      const name = `${vendor}.volatility`;
      const ask: Source<number | undefined>["ask"] = (within) =>
        orFault(vendor, () => data.fetchVolatilityIndex(within));
      const read = await calls.read({ vendor, name, ask }, limits);
      return read.ok ? read.value : undefined;
    },
  };
};

/**
 * A reader that throws is a bug, and one vendor's: the others' data must not end with it, and
 * people are told as of any contract that does not hold.
 */
const orFault = async <Value>(
  vendor: AskedVendor,
  read: () => Promise<Result<Value, VendorFault>>,
): Promise<Result<Value, VendorFault>> => {
  try {
    return await read();
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    const detail = `Its answer could not be read (${name}).`;
    return err({ type: "VendorFault", vendor, class: "SCHEMA_ERROR", detail });
  }
};

const ALL_REFUSED: AskResult = {
  type: "refused",
  reason: "The breaker of every symbol is open.",
};

type SymbolLeave = {
  readonly symbol: Ticker;
  readonly leave: Parameters<Breakers["record"]>[1];
};

type Admitted = {
  readonly symbols: readonly Ticker[];
  readonly leaves: readonly SymbolLeave[];
};

const breakerOf = (vendor: AskedVendor, symbol: Ticker): string => `${vendor}.snapshots.${symbol}`;

const admittedOf = async (
  { vendor, breakers }: GuardedVendor,
  symbols: readonly Ticker[],
): Promise<Admitted> => {
  // At once: each of them may have to take its probe's place in the store.
  const answers = await Promise.all(
    symbols.map(async (symbol) => ({
      symbol,
      leave: await breakers.admit(breakerOf(vendor, symbol)),
    })),
  );
  const leaves = answers.flatMap(({ symbol, leave }) =>
    leave.type === "Leave" ? { symbol, leave } : [],
  );
  return { symbols: leaves.map(({ symbol }) => symbol), leaves };
};

/** A symbol is to blame only where others of the same poll were answered. */
const recordSymbols = (
  { vendor, breakers }: GuardedVendor,
  leaves: readonly SymbolLeave[],
  result: AskResult,
): void => {
  const failed = new Set(
    result.type === "answered" ? result.answer.failed?.map(({ symbol }) => symbol) : [],
  );
  for (const { symbol, leave } of leaves) {
    const outcome =
      result.type !== "answered"
        ? ({ type: "abandoned" } as const)
        : ({ type: failed.has(symbol) ? "failure" : "success", durationMs: 0 } as const);
    breakers.record(breakerOf(vendor, symbol), leave, outcome);
  }
};

const failureOf = (vendor: AskedVendor, failure: CallFailure): AskResult => {
  if (failure.because === "givenUp") return { type: "failed", fault: noAnswer(vendor) };
  const { cause } = failure;
  return cause.type === "VendorFault"
    ? { type: "failed", fault: cause }
    : { type: "refused", reason: `Its breaker does not let it be asked: ${cause.reason}.` };
};

const noAnswer = (vendor: AskedVendor): VendorFault => ({
  type: "VendorFault",
  vendor,
  class: "NETWORK",
  detail: "Nobody waited for its answer any longer.",
});
