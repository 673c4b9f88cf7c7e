import { usd } from "../../../shared/domain/market/money.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import { shares, type Quantity } from "../../../shared/domain/market/quantity.ts";
import type {
  BrokerLeg,
  BrokerOrder,
  BrokerPosition,
} from "../../../shared/domain/orders/broker-state.ts";
import type {
  BrokerObservation,
  Lookup,
} from "../../../shared/domain/reconciliation/broker-observation.ts";
import type { Claim } from "../../../shared/domain/risk/control-cell.ts";
import { DATE, IBM, intentOf, NOW_MS, price } from "../../fixtures/orders.ts";

/** The claim of an entry of 2 IBM, with its order at the broker. */
export const claimOf = (change: Partial<Claim> = {}): Claim => ({
  clientOrderId: intentOf().clientOrderId,
  claimId: "c1",
  epoch: 1,
  symbol: IBM,
  side: "buy",
  purpose: "entry",
  quantity: shares(2),
  filled: shares(0),
  filledPrice: null,
  price: price("100.10"),
  stage: "working",
  claimedAtMs: NOW_MS,
  submitByMs: NOW_MS + 10_000,
  validUntilMs: NOW_MS + 60_000,
  protection: null,
  closed: shares(0),
  closedPrice: null,
  liveLegIds: [],
  entryBeforeMs: null,
  absentSinceMs: null,
  ...change,
});

export const reportOf = (change: Partial<BrokerOrder> = {}): BrokerOrder => ({
  brokerOrderId: "b1",
  clientOrderId: intentOf().clientOrderId,
  symbol: IBM,
  side: "buy",
  quantity: shares(2),
  pricing: "limit",
  limitPrice: price("100.10"),
  status: "working",
  statusText: "new",
  filled: shares(0),
  averagePrice: null,
  submittedAtMs: NOW_MS,
  legs: [],
  ...change,
});

/** The bracket's stop, which is over. */
export const legOf = (filled: Quantity, averagePrice: Price | null): BrokerLeg => ({
  brokerOrderId: "b1-stop",
  role: "stop",
  quantity: shares(2),
  status: "cancelled",
  statusText: "canceled",
  filled,
  averagePrice,
});

export const positionOf = (quantity: Quantity, averagePrice: Price): BrokerPosition => ({
  symbol: IBM,
  quantity,
  averagePrice,
  available: quantity,
  currentPrice: null,
});

/** What the broker says when nothing is there. */
export const seenOf = (
  change: Partial<Omit<BrokerObservation, "lookups">> & {
    readonly lookups?: Readonly<Record<string, Lookup>>;
  } = {},
): BrokerObservation => ({
  openOrders: [],
  positions: [],
  account: {
    equity: usd(100_000),
    lastEquity: usd(100_000),
    cash: usd(100_000),
    buyingPower: usd(200_000),
    isBlocked: false,
    canShort: true,
  },
  sessionDate: DATE,
  atMs: NOW_MS + 20_000,
  ...change,
  lookups: new Map(Object.entries(change.lookups ?? {})),
});
