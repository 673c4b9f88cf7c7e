import { parseTicker, type Ticker } from "../shared/domain/market/ticker.ts";
import { sessionOf } from "../shared/domain/market/calendar.ts";
import { shares } from "../shared/domain/market/quantity.ts";
import type { OrderIntent } from "../shared/domain/orders/order-intent.ts";
import { claimOrder } from "../shared/domain/risk/claim-order.ts";
import type { ControlCell } from "../shared/domain/risk/control-cell.ts";
import { guardOrder } from "../shared/domain/risk/guard.ts";
import type { GuardInput } from "../shared/domain/risk/guard/guard-input.ts";
import {
  cellOf,
  DATE,
  holding,
  intentOf,
  must,
  NOW_MS,
  quoteOf,
  REGION,
} from "../test/fixtures/orders.ts";
import { type Benchmark, medianOf } from "./benchmark.ts";

const HOLDINGS = 20;
const CLAIMS = 8;
const CALLS_PER_RUN = 200_000;
const WARM_UP_RUNS = 3;
const RUNS = 15;
const NS_PER_MS = 1_000_000;

const symbolAt = (index: number): Ticker =>
  must(parseTicker(`H${String.fromCharCode(65 + (index % 26))}${index < 26 ? "A" : "B"}`));

/** An account in the middle of a day: what the guard looks at most of the time. */
const busyCell = (): ControlCell => {
  const holdings: Record<string, ControlCell["holdings"][string]> = {};
  for (let index = 0; index < HOLDINGS; index++) {
    Object.assign(holdings, holding(4, "100.00", symbolAt(index)).holdings);
  }
  let cell = cellOf({ holdings });
  for (let index = 0; index < CLAIMS; index++) {
    const symbol = symbolAt(HOLDINGS + index);
    cell = claimed(inputOf(cell, intentOf({ symbol }), symbol), `claim-${index}`);
  }
  return cell;
};

const inputOf = (cell: ControlCell, intent: OrderIntent, symbol?: Ticker): GuardInput => ({
  intent,
  cell,
  quote: quoteOf("99.99", "100.01", NOW_MS - 1_000, symbol),
  session: sessionOf(DATE),
  region: REGION,
  nowMs: NOW_MS,
});

const claimed = (input: GuardInput, claimId: string): ControlCell => {
  const decision = guardOrder(input);
  if (!decision.ok) throw new Error("The guard denies what the fixture claims.");
  const terms = { claimId, nowMs: NOW_MS, submitByMs: NOW_MS + 10_000 };
  const next = claimOrder(input.cell, decision.value, terms);
  if (!next.ok) throw new Error("The fixture's cell moved.");
  return next.value;
};

/** Two entries, of which the guard lets the first through and denies the second as too large. */
const inputs = (): readonly [GuardInput, GuardInput] => {
  const cell = busyCell();
  const denied = { ...intentOf(), quantity: shares(30) };
  return [inputOf(cell, intentOf()), inputOf(cell, denied)];
};

/** How long the guard takes for one decision, half of them denied. */
export const guardDecision: Benchmark = {
  name: "guard-decision",
  unit: "ns",
  goal: { direction: "atMost", value: 1_000 },
  measure: async () => {
    const [approved, denied] = inputs();
    const runs: number[] = [];
    for (let count = 0; count < WARM_UP_RUNS + RUNS; count++) {
      const startedAtMs = performance.now();
      let approvals = 0;
      for (let call = 0; call < CALLS_PER_RUN; call++) {
        if (guardOrder(call % 2 === 0 ? approved : denied).ok) approvals++;
      }
      const elapsedMs = performance.now() - startedAtMs;
      if (approvals !== CALLS_PER_RUN / 2) throw new Error("The guard decided otherwise.");
      if (count >= WARM_UP_RUNS) runs.push((elapsedMs * NS_PER_MS) / CALLS_PER_RUN);
    }
    return { ours: medianOf(runs) };
  },
};
