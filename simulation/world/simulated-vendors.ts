import { vendorSnapshot } from "../../local/exchange/vendors/vendor-snapshot.ts";
import { roundToTick, type Price } from "../../shared/domain/market/price.ts";
import type { Quote, Snapshot } from "../../shared/domain/market/quote.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { AskedVendor } from "../../shared/domain/market/vendor-policy.ts";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import type { MarketFlow } from "../../shared/domain/signals/flow.ts";
import type { SnapshotAnswer } from "../../shared/ports/market-data.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultControl, Occasion } from "../faults/fault-control.ts";
import type { SimulatedMarket } from "./market.ts";
import { faultOf } from "./broker-side.ts";

/** The vendors of prices, by the names that the gateway asks them by. */
export const DATA_VENDORS = ["alpaca", "polygon", "yahoo", "tiingo"] as const;

/** What is wrong with one vendor for a while. */
export type VendorTrouble = {
  /** Nobody gets an answer before this moment. */
  outageUntilMs: number;
  /** Its prices do not move before this moment; they keep the time stamps they had. */
  staleUntilMs: number;
};

/** The vendors' side of the world: what they answer at the moment they are asked. */
export type VendorSide = {
  readonly troubleOf: (vendor: AskedVendor) => VendorTrouble;
  /** The vendor of flow answers nobody before this moment. */
  readonly flow: { outageUntilMs: number };
  /** What was shown of a symbol so far, by its newest time stamps. */
  readonly shown: (symbol: Ticker) => Shown;
  readonly fetchSnapshots: (asked: AskedNow) => Result<SnapshotAnswer, VendorFault>;
  readonly fetchEvidence: (
    symbols: readonly Ticker[],
    occasion: Occasion,
    where: string,
  ) => Result<MarketFlow, VendorFault>;
};

/** The newest time stamps of a symbol that anybody was shown, epoch ms; -Infinity for none. */
export type Shown = { readonly quoteMs: number; readonly flowMs: number };

/** One request that is at a vendor. */
export type AskedNow = {
  readonly vendor: AskedVendor;
  readonly symbols: readonly Ticker[];
  readonly occasion: Occasion;
  readonly where: string;
};

type Deps = {
  readonly market: SimulatedMarket;
  readonly engine: Engine;
  readonly faults: FaultControl;
  /** Notes what is shown of a symbol. */
  readonly show: (symbol: Ticker, of: keyof Shown, atMs: number | undefined) => void;
};

const NOTHING_SHOWN: Shown = { quoteMs: -Infinity, flowMs: -Infinity };

/** A flow vendor that lags is behind by so much, the whole time: entries are allowed up to an hour. */
const FLOW_LAG_LEAST_MS = 40 * 60_000;
const FLOW_LAG_SPREAD_MS = 90 * 60_000;

const ABOUT = { lag: 40, missing: 41, wrong: 42, kind: 43, liar: 44, factor: 45 } as const;

/** For so long only one vendor sends wrong prices: two that agree on one are beyond any promise. */
const LIAR_MS = 10 * 60_000;

/** Vendors of a market. */
export const createVendorSide = (
  market: SimulatedMarket,
  engine: Engine,
  faults: FaultControl,
): VendorSide => {
  const newest = new Map<Ticker, Shown>();
  const show: Deps["show"] = (symbol, of, atMs) => {
    const before = newest.get(symbol) ?? NOTHING_SHOWN;
    newest.set(symbol, { ...before, [of]: Math.max(before[of], atMs ?? -Infinity) });
  };
  const flowLagMs = drawFlowLag(engine, faults);
  const deps = { market, engine, faults, show };
  const troubles = new Map<AskedVendor, VendorTrouble>();
  const lastShown = new Map<string, Quote>();
  const troubleOf = (vendor: AskedVendor): VendorTrouble => {
    let trouble = troubles.get(vendor);
    if (trouble === undefined) {
      trouble = { outageUntilMs: -Infinity, staleUntilMs: -Infinity };
      troubles.set(vendor, trouble);
    }
    return trouble;
  };
  const flow = { outageUntilMs: -Infinity };
  return {
    troubleOf,
    flow,
    shown: (symbol) => newest.get(symbol) ?? NOTHING_SHOWN,
    fetchSnapshots: (asked) => answer(deps, asked, troubleOf(asked.vendor), lastShown),
    fetchEvidence: (symbols, occasion, where) => {
      const isOut = engine.nowMs() < flow.outageUntilMs;
      if (faults.strikes("flow-outage", occasion, where) || isOut) {
        return err(faultOf("NETWORK", "503: service unavailable"));
      }
      const knownMs = engine.nowMs() - (faults.isStopped() ? 0 : flowLagMs);
      const evidence = symbols.flatMap((symbol) => market.flowOf(symbol, knownMs) ?? []);
      for (const { symbol, flowAlerts } of evidence) {
        for (const { createdAtMs } of flowAlerts?.alerts ?? []) show(symbol, "flowMs", createdAtMs);
      }
      return ok({ evidence, marketTide: market.tideAt(knownMs) });
    },
  };
};

const drawFlowLag = (engine: Engine, faults: FaultControl): number => {
  const place = faults.placeOf("flow vendor");
  const occasion = place.pass(engine.nowMs());
  if (!faults.strikes("stale-flow", occasion, place.name)) return 0;
  return FLOW_LAG_LEAST_MS + Math.floor(faults.measure(occasion, ABOUT.lag) * FLOW_LAG_SPREAD_MS);
};

const answer = (
  deps: Deps,
  asked: AskedNow,
  trouble: VendorTrouble,
  lastShown: Map<string, Quote>,
): Result<SnapshotAnswer, VendorFault> => {
  const { market, engine, faults } = deps;
  const { vendor, symbols, occasion, where } = asked;
  const nowMs = engine.nowMs();
  if (nowMs < trouble.outageUntilMs) return err(faultAt(vendor, "NETWORK", "503: unavailable"));
  if (faults.strikes("vendor-schema", occasion, where)) {
    return err(faultAt(vendor, "SCHEMA_ERROR", "A field is not as documented."));
  }
  const isIncomplete = faults.strikes("missing-symbols", occasion, where);
  const isWrong = isLiar(deps, vendor) && faults.strikes("wrong-prices", occasion, where);
  const snapshots: Snapshot[] = [];
  const missing: Ticker[] = [];
  for (const [index, symbol] of symbols.entries()) {
    const fresh = market.of(symbol)?.quote;
    const isLeftOut = isIncomplete && faults.measure(occasion, ABOUT.missing + 100 * index) < 0.5;
    if (fresh === undefined || isLeftOut) {
      missing.push(symbol);
      continue;
    }
    const key = `${vendor} ${symbol}`;
    const known = nowMs < trouble.staleUntilMs ? lastShown.get(key) : undefined;
    const shown = known ?? fresh;
    lastShown.set(key, shown);
    deps.show(symbol, "quoteMs", shown.exchangeTimeMs);
    const isThis = isWrong && faults.measure(occasion, ABOUT.wrong + 100 * index) < 0.5;
    const quote = isThis ? distort(shown, faults, occasion) : shown;
    snapshots.push(snapshotOf(vendor, quote, nowMs));
  }
  return ok({ snapshots, missing });
};

const faultAt = (
  vendor: AskedVendor,
  faultClass: VendorFault["class"],
  detail: string,
): VendorFault => ({ ...faultOf(faultClass, detail), vendor });

const isLiar = ({ engine, faults }: Deps, vendor: AskedVendor): boolean => {
  const draw = faults.measure(Math.floor(engine.nowMs() / LIAR_MS), ABOUT.liar);
  return DATA_VENDORS[Math.floor(draw * DATA_VENDORS.length)] === vendor;
};

const snapshotOf = (vendor: AskedVendor, quote: Quote, receivedAtMs: number): Snapshot => {
  const { symbol, bid, ask, exchangeTimeMs } = quote;
  const price = Math.round((bid + ask) / 2) as Price;
  const trade = { symbol, price, size: 100, exchangeTimeMs };
  const state = { quote, trade, ...NO_BARS };
  return vendorSnapshot(vendor, symbol, state, { receivedAtMs, isDelayed: false });
};

const NO_BARS = { minuteBar: undefined, dailyBar: undefined, previousDailyBar: undefined };

/** A bad tick: a spike, a zero bid, a crossed book, or one that comes from tomorrow. */
const distort = (quote: Quote, faults: FaultControl, occasion: Occasion): Quote => {
  const kind = faults.measure(occasion, ABOUT.kind);
  if (kind < 0.2) return { ...quote, bid: 0 as Price };
  if (kind < 0.4) return { ...quote, bid: quote.ask, ask: quote.bid };
  if (kind < 0.5) return { ...quote, exchangeTimeMs: (quote.exchangeTimeMs ?? 0) + 3_600_000 };
  const about = faults.measure(occasion, ABOUT.factor);
  const factor = kind < 0.75 ? 1.03 + 0.6 * about : 0.97 - 0.4 * about;
  return { ...quote, bid: roundToTick(quote.bid * factor), ask: roundToTick(quote.ask * factor) };
};
