import {
  addMoney,
  formatMoney,
  notional,
  subtractMoney,
  ZERO_USD,
} from "../../domain/market/money.ts";
import type { Money } from "../../domain/market/money.ts";
import { formatPrice } from "../../domain/market/price.ts";
import { formatQuantity } from "../../domain/market/quantity.ts";
import type { ValidQuote } from "../../domain/market/quote.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import {
  type Claim,
  type ControlCell,
  isOpen,
  type OpenHolding,
  type TradingState,
} from "../../domain/risk/control-cell.ts";
import { countOrders, type OrderCounts } from "../../domain/risk/count-orders.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { loadQuotes } from "./load-quotes.ts";
import type { ReadRefusal } from "./read-refusal.ts";

/** A position; money and prices in USD and quantities in shares, all as text. */
type PositionView = {
  readonly symbol: string;
  /** Negative if short. */
  readonly quantity: string;
  readonly averagePrice: string;
  /** Between bid and ask, last known; null if no price was ever seen. */
  readonly lastPrice: string | null;
  readonly lastPriceAgeMs: number | null;
  readonly marketValue: string | null;
  readonly unrealizedProfit: string | null;
  readonly openedAtMs: number;
};

/** What the account holds, may do and has reserved, as the ledger has it. */
export type PositionsView = {
  readonly account: string;
  readonly atMs: number;
  /** Null where the account was never opened. */
  readonly tradingState: TradingState | null;
  readonly activeRegion: string | null;
  readonly reconciliation: ControlCell["reconciliation"] | null;
  readonly equity: string | null;
  readonly buyingPower: string | null;
  readonly realizedProfit: string | null;
  /** Over the positions whose price is known. */
  readonly unrealizedProfit: string;
  readonly positions: readonly PositionView[];
  readonly orders: OrderCounts;
  readonly inFlight: readonly {
    readonly clientOrderId: string;
    readonly symbol: string;
    readonly side: string;
    readonly purpose: string;
    readonly quantity: string;
    readonly filled: string;
    readonly stage: string;
    readonly claimedAtMs: number;
  }[];
};

/** Reads positions from the ledger with the last known prices. */
export const createReadPositions =
  (deps: {
    readonly ledger: Pick<Ledger, "loadCell">;
    readonly telemetry: Pick<Telemetry, "loadQuotes">;
    readonly clock: Clock;
    readonly settings: Settings;
  }) =>
  async (): Promise<Result<PositionsView, ReadRefusal>> => {
    const { account } = deps.settings;
    const [loaded, quotes] = await Promise.all([
      deps.ledger.loadCell(account),
      loadQuotes(deps.telemetry, deps.settings),
    ]);
    if (!loaded.ok) return err({ type: "Unavailable", detail: "The ledger cannot be read now." });
    return ok(toView(account, loaded.value, quotes, deps.clock.nowMs()));
  };

const toView = (
  account: string,
  cell: ControlCell | undefined,
  quotes: readonly ValidQuote[],
  atMs: number,
): PositionsView => {
  const quotesBySymbol = new Map<string, ValidQuote>(quotes.map((quote) => [quote.symbol, quote]));
  let unrealized = ZERO_USD;
  const positions: PositionView[] = [];
  for (const [symbol, holding] of Object.entries(cell?.holdings ?? {})) {
    if (!isOpen(holding)) continue;
    const quote = quotesBySymbol.get(symbol);
    const profit = profitOf(holding, quote);
    if (profit !== null) unrealized = addMoney(unrealized, profit);
    positions.push(toPosition(symbol, holding, quote, profit, atMs));
  }
  const reading = cell?.accountReading ?? null;
  const day = cell?.day ?? null;
  return {
    account,
    atMs,
    tradingState: cell?.tradingState ?? null,
    activeRegion: cell?.activeRegion ?? null,
    reconciliation: cell?.reconciliation ?? null,
    equity: reading === null ? null : formatMoney(reading.equity),
    buyingPower: reading === null ? null : formatMoney(reading.buyingPower),
    realizedProfit: day === null ? null : formatMoney(day.realizedProfit),
    unrealizedProfit: formatMoney(unrealized),
    positions,
    orders: countOrders(cell ?? { inFlight: {} }),
    inFlight: Object.values(cell?.inFlight ?? {}).map(toClaim),
  };
};

const toPosition = (
  symbol: string,
  { quantity, averagePrice, openedAtMs }: OpenHolding,
  quote: ValidQuote | undefined,
  profit: Money | null,
  atMs: number,
): PositionView => ({
  symbol,
  quantity: formatQuantity(quantity),
  averagePrice: formatPrice(averagePrice),
  lastPrice: quote === undefined ? null : formatPrice(quote.mid),
  lastPriceAgeMs: quote === undefined ? null : Math.max(0, atMs - quote.exchangeTimeMs),
  marketValue: quote === undefined ? null : formatMoney(notional(quote.mid, quantity)),
  unrealizedProfit: profit === null ? null : formatMoney(profit),
  openedAtMs,
});

const profitOf = (holding: OpenHolding, quote: ValidQuote | undefined): Money | null =>
  quote === undefined
    ? null
    : subtractMoney(
        notional(quote.mid, holding.quantity),
        notional(holding.averagePrice, holding.quantity),
      );

const toClaim = (claim: Claim): PositionsView["inFlight"][number] => ({
  clientOrderId: claim.clientOrderId,
  symbol: claim.symbol,
  side: claim.side,
  purpose: claim.purpose,
  quantity: formatQuantity(claim.quantity),
  filled: formatQuantity(claim.filled),
  stage: claim.stage,
  claimedAtMs: claim.claimedAtMs,
});
