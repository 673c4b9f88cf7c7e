import { createExchange, type Exchange } from "../../../local/exchange/core/exchange.ts";
import type { Order as ExchangeOrder } from "../../../local/exchange/core/order.ts";
import type { Invariant } from "../../../simulation/invariants/invariant.ts";
import { createInvariants } from "../../../simulation/invariants/create-invariants.ts";
import type {
  Actor,
  FunctionName,
  Observation,
  RegionView,
  WorldView,
} from "../../../simulation/observation.ts";
import type { SimulationMode, Violation } from "../../../simulation/seed-run.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import type { Claim, ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { inFlightOf } from "../../fixtures/claims.ts";
import { IBM, NOW_MS, price, REGION } from "../../fixtures/orders.ts";
import { settings } from "../../use-cases/trading-account.ts";

/** The other Region. */
export const OTHER = "us-west-2";

/** An observation without its moment, which is `NOW_MS` unless it is told. */
export type Told = Observation extends infer One
  ? One extends { readonly atMs: number }
    ? Omit<One, "atMs"> & { readonly atMs?: number }
    : never
  : never;

/** An invocation of a function. */
export const by = (functionName: FunctionName, region = REGION, invocation = 1): Actor => ({
  region,
  functionName,
  invocation,
});

/** A world for one invariant: a real exchange, histories, a cell, and what was observed of them. */
export type Stage = {
  readonly exchange: Exchange;
  readonly histories: Map<string, OrderEvent[]>;
  cell: ControlCell | "damaged" | undefined;
  regions: readonly RegionView[];
  nowMs: number;
  /** What the vendors have shown of every symbol. */
  shown: ReturnType<WorldView["shown"]>;
};

/** A stage with an exchange that quotes IBM at 99.99 to 100.01, and nothing else. */
export const createStage = (): Stage => {
  const exchange = createExchange({
    name: "stage",
    startsAtMs: NOW_MS,
    startingCash: usd(100_000),
    cancelLatencyMs: 1_000,
  });
  quoteAt(exchange, "99.99", "100.01", NOW_MS);
  const shown = { quoteMs: NOW_MS, flowMs: NOW_MS };
  return { exchange, histories: new Map(), cell: undefined, regions: [], nowMs: NOW_MS, shown };
};

/** Moves the market of IBM. */
export const quoteAt = (exchange: Exchange, bid: string, ask: string, nowMs: number): void =>
  exchange.onQuote(
    { symbol: IBM, bid: price(bid), ask: price(ask), bidSize: 1_000, askSize: 1_000 },
    nowMs,
  );

const viewOf = (stage: Stage): WorldView => ({
  nowMs: stage.nowMs,
  settings,
  cell: () => stage.cell,
  eventsOf: (id) => stage.histories.get(id) ?? [],
  clientOrderIds: () => [...stage.histories.keys()],
  exchange: stage.exchange,
  shown: () => stage.shown,
  regions: stage.regions,
});

/** What an invariant says of observations, one event after the other, and of the end if asked. */
export const judge = (
  invariant: Invariant,
  stage: Stage,
  told: readonly Told[],
  end?: SimulationMode,
): readonly Violation[] => {
  const invariants = createInvariants([invariant]);
  const found: Violation[] = [];
  for (const one of told) {
    invariants.observe({ atMs: NOW_MS, ...one });
    found.push(...invariants.afterEvent(viewOf(stage)));
  }
  return end === undefined ? found : [...found, ...invariants.atEnd(viewOf(stage), end)];
};

/** Sends an order to the stage's exchange as the product does; returns it as it is there. */
export const place = (stage: Stage, intent: OrderIntent, nowMs = NOW_MS): ExchangeOrder => {
  const { clientOrderId, symbol, side, quantity, pricing, protection } = intent;
  const placed = stage.exchange.submitOrder(
    {
      symbol,
      side,
      quantity,
      clientOrderId,
      timeInForce: "day",
      type: pricing.type,
      ...(pricing.type === "limit" ? { limitPrice: pricing.limitPrice } : {}),
      ...(protection === null
        ? {}
        : {
            orderClass: "bracket",
            takeProfit: { limitPrice: protection.targetPrice },
            stopLoss: { stopPrice: protection.stopPrice },
          }),
    },
    nowMs,
  );
  if (!placed.ok) throw new Error(`The stage's exchange refused: ${placed.error.type}.`);
  return stage.exchange.getOrder(placed.value.id) ?? placed.value;
};

/** The cell with these claims, one version on. */
export const withClaims = (cell: ControlCell, ...claims: readonly Claim[]): ControlCell => ({
  ...cell,
  version: cell.version + 1,
  ...inFlightOf(...claims),
});

/** A write of the cell. */
export const wrote = (
  before: ControlCell | "damaged" | undefined,
  after: ControlCell,
  actor: Actor | undefined,
  atMs = NOW_MS,
): Told => ({ type: "cellWritten", actor, before, after, atMs });

/** A request that is at the broker. */
export const arrived = (
  intent: OrderIntent,
  cellVersion: number,
  actor = by("execute-orders"),
  sentAtMs = NOW_MS,
): Extract<Told, { readonly type: "brokerRequestArrived" }> => ({
  type: "brokerRequestArrived",
  actor,
  intent,
  cellVersion,
  sentAtMs,
  outcome: "acknowledged",
  reason: undefined,
  hiddenUntilMs: undefined,
});
