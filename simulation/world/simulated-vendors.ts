import { roundToTick, type Price } from "../../shared/domain/market/price.ts";
import type { Quote, Snapshot } from "../../shared/domain/market/quote.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import type { FlowEvidence } from "../../shared/domain/signals/flow.ts";
import type { SnapshotAnswer } from "../../shared/ports/market-data.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultControl, Occasion } from "../faults/fault-control.ts";
import type { SimulatedMarket } from "./market.ts";
import { faultOf } from "./simulated-broker.ts";

/** The vendors' side of the world: what they answer at the moment they are asked. */
export type VendorSide = {
  /** Nobody gets an answer before this moment. */
  outageUntilMs: number;
  /** Prices do not move for us before this moment; they keep the time stamps they had. */
  staleUntilMs: number;
  readonly fetchSnapshots: (
    symbols: readonly Ticker[],
    occasion: Occasion,
    where: string,
  ) => Result<SnapshotAnswer, VendorFault>;
  readonly fetchEvidence: (
    symbols: readonly Ticker[],
    occasion: Occasion,
    where: string,
  ) => Result<readonly FlowEvidence[], VendorFault>;
};

const ABOUT = { missing: 41, wrong: 42, kind: 43 } as const;

/** Vendors of a market. */
export const createVendorSide = (
  market: SimulatedMarket,
  engine: Engine,
  faults: FaultControl,
): VendorSide => {
  const lastShown = new Map<Ticker, Quote>();
  const side: VendorSide = {
    outageUntilMs: -Infinity,
    staleUntilMs: -Infinity,
    fetchSnapshots: (symbols, occasion, where) => {
      const nowMs = engine.nowMs();
      if (nowMs < side.outageUntilMs) return err(faultOf("NETWORK", "503: service unavailable"));
      if (faults.strikes("vendor-schema", occasion, where)) {
        return err(faultOf("SCHEMA_ERROR", "A field is not as documented."));
      }
      const isIncomplete = faults.strikes("missing-symbols", occasion, where);
      const isWrong = faults.strikes("wrong-prices", occasion, where);
      const snapshots: Snapshot[] = [];
      const missing: Ticker[] = [];
      for (const [index, symbol] of symbols.entries()) {
        const fresh = market.of(symbol)?.quote;
        if (fresh === undefined) missing.push(symbol);
        else if (isIncomplete && faults.measure(occasion, ABOUT.missing + 100 * index) < 0.5) {
          missing.push(symbol);
        } else {
          const known = nowMs < side.staleUntilMs ? lastShown.get(symbol) : undefined;
          const shown = known ?? fresh;
          lastShown.set(symbol, shown);
          const isThis = isWrong && faults.measure(occasion, ABOUT.wrong + 100 * index) < 0.5;
          const quote = isThis ? distort(shown, faults.measure(occasion, ABOUT.kind)) : shown;
          snapshots.push(snapshotOf(quote, nowMs));
        }
      }
      return ok({ snapshots, missing });
    },
    fetchEvidence: (symbols, occasion, where) => {
      if (faults.strikes("flow-outage", occasion, where)) {
        return err(faultOf("NETWORK", "503: service unavailable"));
      }
      return ok(symbols.flatMap((symbol) => market.flowOf(symbol, engine.nowMs()) ?? []));
    },
  };
  return side;
};

const snapshotOf = (quote: Quote, receivedAtMs: number): Snapshot => ({
  symbol: quote.symbol,
  source: "alpaca",
  quote,
  trade: undefined,
  minuteBar: undefined,
  dailyBar: undefined,
  previousDailyBar: undefined,
  receivedAtMs,
});

/** A bad tick: a spike, a zero bid, a crossed book, or one that comes from tomorrow. */
const distort = (quote: Quote, kind: number): Quote => {
  if (kind < 0.2) return { ...quote, bid: 0 as Price };
  if (kind < 0.4) return { ...quote, bid: quote.ask, ask: quote.bid };
  if (kind < 0.5) return { ...quote, exchangeTimeMs: (quote.exchangeTimeMs ?? 0) + 3_600_000 };
  const factor = kind < 0.75 ? 1.5 : 0.94;
  return { ...quote, bid: roundToTick(quote.bid * factor), ask: roundToTick(quote.ask * factor) };
};
