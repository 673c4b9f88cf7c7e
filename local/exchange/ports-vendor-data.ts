import { currentIndex } from "../../shared/adapters/market-data/volatility-index.ts";
import { VENDOR_TIMEOUT_MS } from "../../shared/adapters/market-data/vendor-connection.ts";
import { faultClassOf } from "../../shared/adapters/http/vendor-reader.ts";
import type { Snapshot } from "../../shared/domain/market/quote.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { CallLimits, VendorMarketData } from "../../shared/ports/market-data.ts";
import type { Pause } from "../../shared/ports/pause.ts";
import type { VendorFault, VendorFaultClass } from "../../shared/ports/vendor-fault.ts";
import type { FaultControl } from "./faults/fault-control.ts";
import { createVendorFeed, type VendorFeedDeps } from "./vendors/vendor-feed.ts";
import type { FeedVendor } from "./vendors/vendor-paths.ts";
import { vendorSnapshot } from "./vendors/vendor-snapshot.ts";

/** What a vendor in the same process is made from. */
export type ExchangeVendorDeps = VendorFeedDeps & {
  readonly clock: Clock;
  /** Costs virtual time for what an answer takes; without one every answer is there at once. */
  readonly pause?: Pause;
};

/**
 * Market data of one of the exchange's vendors in the same process: what its adapter would read
 * over HTTP, with the same small deviations, latencies and armed faults.
 */
export const createExchangeVendor = (deps: ExchangeVendorDeps): VendorMarketData => {
  const { vendor, clock } = deps;
  const vendorFeed = createVendorFeed(deps);
  return {
    vendor,
    symbolsPerRequest: vendor === "yahoo" ? 1 : 250,
    fetchSnapshots: async (symbols, limits) => {
      if (symbols.length === 0) return ok({ snapshots: [], missing: [], unreadable: [] });
      const line = `GET ${SNAPSHOT_PATHS[vendor]}`;
      const view = vendorFeed.open(line, clock.nowMs());
      const lost = await travel(deps, line, vendorFeed.latencyMsAt(clock.nowMs()), limits);
      if (lost !== undefined) return err(lost);
      const answer = { receivedAtMs: clock.nowMs(), isDelayed: view.isDelayed };
      const snapshots: Snapshot[] = [];
      const missing: Ticker[] = [];
      for (const symbol of symbols) {
        const state = view.stateOf(symbol);
        // Before its first quote a symbol is absent from a vendor's answer.
        if (state === undefined || (state.quote ?? state.trade) === undefined) missing.push(symbol);
        else snapshots.push(vendorSnapshot(vendor, symbol, state, answer));
      }
      return ok({ snapshots, missing, unreadable: [] });
    },
    fetchVolatilityIndex: async (limits): Promise<Result<number | undefined, VendorFault>> => {
      const path = INDEX_PATHS[vendor];
      if (path === undefined) return ok(undefined);
      const line = `GET ${path}`;
      const index = vendorFeed.open(line, clock.nowMs()).volatilityIndex();
      const lost = await travel(deps, line, vendorFeed.latencyMsAt(clock.nowMs()), limits);
      if (lost !== undefined) return err(lost);
      return ok(index && currentIndex(index.value, index.atMs, clock.nowMs()));
    },
  };
};

const SNAPSHOT_PATHS: Readonly<Record<FeedVendor, string>> = {
  alpaca: "/v2/stocks/snapshots",
  polygon: "/v2/snapshot/locale/us/markets/stocks/tickers",
  yahoo: "/v8/finance/chart/",
  tiingo: "/iex",
};

const INDEX_PATHS: Readonly<Record<FeedVendor, string | undefined>> = {
  alpaca: "/v1beta1/indices/latest/values",
  polygon: "/v3/snapshot/indices",
  yahoo: "/v8/finance/chart/^VIX",
  tiingo: undefined,
};

/** The fault that an answer on its way becomes, if any; time passes as it would over a network. */
const travel = async (
  deps: ExchangeVendorDeps,
  line: string,
  latencyMs: number,
  { deadlineMs, signal }: CallLimits = {},
): Promise<VendorFault | undefined> => {
  const { vendor, faults, clock } = deps;
  const fault = (faultClass: VendorFaultClass, detail: string): VendorFault => ({
    type: "VendorFault",
    vendor,
    class: faultClass,
    detail,
  });
  const leftMs = Math.min(VENDOR_TIMEOUT_MS, (deadlineMs ?? Infinity) - clock.monotonicMs());
  if (!(leftMs > 0)) return fault("NETWORK", "There was no time left to send it.");
  const isHung = faults.strike("hangAnswer", line) !== undefined;
  const lateMs = faults.strike("lateAnswer", line)?.delayMs ?? 0;
  const takesMs = isHung ? Infinity : latencyMs + lateMs;
  const isInTime = await waitAtMost(deps.pause, Math.min(takesMs, leftMs), signal);
  if (!isInTime) return fault("NETWORK", "It was given up.");
  if (takesMs > leftMs) return fault("NETWORK", `No answer within ${Math.round(leftMs)} ms.`);
  return strikeAnswer(faults, line, clock.nowMs(), fault);
};

/** False when the wait was called off before it ended. */
const waitAtMost = async (
  pause: Pause | undefined,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  if (signal?.aborted === true) return false;
  if (pause === undefined || ms <= 0) return true;
  if (signal === undefined) return pause.wait(ms).then(() => true);
  let callOff: (() => void) | undefined;
  const calledOff = new Promise<false>((resolve) => {
    callOff = () => resolve(false);
    signal.addEventListener("abort", callOff, { once: true });
  });
  const isOver = await Promise.race([pause.wait(ms).then(() => true), calledOff]);
  if (callOff !== undefined) signal.removeEventListener("abort", callOff);
  return isOver;
};

const MS_PER_MINUTE = 60_000;
const RETRY_AFTER_MS = 20_000;
const DISTORTIONS = ["removeField", "renameField", "changeType"] as const;

const strikeAnswer = (
  faults: FaultControl,
  line: string,
  nowMs: number,
  fault: (faultClass: VendorFaultClass, detail: string) => VendorFault,
): VendorFault | undefined => {
  const limit = faults.strike("rateLimit", line);
  if (limit !== undefined) {
    const limited = fault("RATE_LIMIT", "429: too many requests.");
    if (limit.says === "nothing") return limited;
    const resetMs = (Math.floor(nowMs / MS_PER_MINUTE) + 1) * MS_PER_MINUTE;
    const retryAtMs = limit.says === "retryAfter" ? nowMs + RETRY_AFTER_MS : resetMs;
    return { ...limited, retryAtMs };
  }
  const page = faults.strike("plainTextError", line);
  if (page !== undefined) {
    return fault(faultClassOf(page.status), `${page.status}: a page of text.`);
  }
  if (faults.strike("errorInside", line) !== undefined) {
    return fault("UNKNOWN", "200 with an error.");
  }
  const error = faults.strike("errorBefore", line) ?? faults.strike("errorAfter", line);
  if (error !== undefined) return fault("NETWORK", `${error.status}: internal server error.`);
  if (faults.strike("dropAnswer", line) !== undefined) {
    return fault("NETWORK", "The connection closed without an answer.");
  }
  for (const name of DISTORTIONS) {
    const drift = faults.strike(name, line);
    if (drift !== undefined) return fault("SCHEMA_ERROR", `${drift.field}: is not as agreed.`);
  }
  return undefined;
};
