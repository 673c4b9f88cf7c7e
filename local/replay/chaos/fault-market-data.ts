import type { Bar, Quote, Snapshot, Trade } from "../../../shared/domain/market/quote.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { err, ok } from "../../../shared/domain/result.ts";
import type { Flow } from "../../../shared/ports/flow.ts";
import type { MarketData, SnapshotAnswer } from "../../../shared/ports/market-data.ts";
import type { VendorFault } from "../../../shared/ports/vendor-fault.ts";
import { answerLate } from "./answer-late.ts";
import type { FaultDeps } from "./fault-broker.ts";
import { SLOW_ANSWER_MS, WRONG_PRICE_RATIO } from "./fault-kinds.ts";

/** The same market data from a vendor that fails as the faults of the moment say. */
export const createFaultMarketData = (
  marketData: MarketData,
  { faults, clock }: FaultDeps,
): MarketData => {
  // At most one a symbol; kept only where the vendor will stand still later.
  const lastSaid = new Map<Ticker, Snapshot>();
  const remember = (answer: SnapshotAnswer): SnapshotAnswer => {
    if (!faults.isPlanned("vendor-stale")) return answer;
    if (faults.isOn("vendor-stale")) {
      faults.strike("vendor-stale");
      const snapshots = answer.snapshots.map((snapshot) => stillOf(lastSaid, snapshot));
      return { ...answer, snapshots };
    }
    for (const snapshot of answer.snapshots) lastSaid.set(snapshot.symbol, snapshot);
    return answer;
  };
  return {
    ...marketData,
    fetchSnapshots: async (...request) => {
      if (faults.isOn("vendor-slow")) {
        faults.strike("vendor-slow");
        const leftMs = (request[1]?.deadlineMs ?? Infinity) - clock.monotonicMs();
        await answerLate(clock, Math.max(0, Math.min(leftMs, SLOW_ANSWER_MS)));
        if (leftMs < SLOW_ANSWER_MS) return err(unreachable("recorded"));
      }
      if (faults.isOn("vendor-outage")) {
        faults.strike("vendor-outage");
        return err(unreachable("recorded"));
      }
      const fetched = await marketData.fetchSnapshots(...request);
      if (!fetched.ok) return fetched;
      const answer = remember(fetched.value);
      if (!faults.isOn("vendor-wrong-prices")) return ok(answer);
      faults.strike("vendor-wrong-prices");
      return ok({ ...answer, snapshots: answer.snapshots.map(withWrongPrices) });
    },
  };
};

/** The same flow from a vendor that cannot be reached while it is out. */
export const createFaultFlow = (flow: Flow, { faults }: FaultDeps): Flow => ({
  ...flow,
  fetchEvidence: async (...request) => {
    if (!faults.isOn("flow-outage")) return flow.fetchEvidence(...request);
    faults.strike("flow-outage");
    return err(unreachable("unusual-whales"));
  },
});

/**
 * What was said of the symbol last, received now; a symbol that is new stands still from here on.
 */
const stillOf = (lastSaid: Map<Ticker, Snapshot>, snapshot: Snapshot): Snapshot => {
  const before = lastSaid.get(snapshot.symbol) ?? snapshot;
  lastSaid.set(snapshot.symbol, before);
  return { ...before, receivedAtMs: snapshot.receivedAtMs };
};

const withWrongPrices = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  quote: snapshot.quote && wrongQuote(snapshot.quote),
  trade: snapshot.trade && wrongTrade(snapshot.trade),
  minuteBar: snapshot.minuteBar && wrongBar(snapshot.minuteBar),
});

const wrongQuote = (quote: Quote): Quote => ({
  ...quote,
  bid: wrong(quote.bid),
  ask: wrong(quote.ask),
});

const wrongTrade = (trade: Trade): Trade => ({ ...trade, price: wrong(trade.price) });

const wrongBar = (bar: Bar): Bar => ({
  ...bar,
  open: wrong(bar.open),
  high: wrong(bar.high),
  low: wrong(bar.low),
  close: wrong(bar.close),
});

const wrong = (price: Price): Price => Math.round(price * WRONG_PRICE_RATIO) as Price;

const unreachable = (vendor: string): VendorFault => ({
  type: "VendorFault",
  vendor,
  class: "NETWORK",
  detail: "The vendor did not answer in time.",
});
