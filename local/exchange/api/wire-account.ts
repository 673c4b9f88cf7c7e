import {
  addMoney,
  formatMoney,
  notional,
  subtractMoney,
  type Money,
} from "../../../shared/domain/market/money.ts";
import { formatPrice } from "../../../shared/domain/market/price.ts";
import { formatQuantity } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { AccountView, PositionView } from "../core/account-view.ts";
import type { Json } from "../faults/distort-body.ts";
import { toNanoTime } from "./wire-time.ts";
import { assetIdOf } from "./wire-order.ts";

/** The account as Alpaca writes it since July 2026, without the fields of day trading. */
export const toWireAccount = (account: AccountView): Json => ({
  id: account.id,
  account_number: `PA${account.id.replaceAll(/\D/g, "").slice(0, 10)}`,
  status: "ACTIVE",
  currency: "USD",
  cash: formatMoney(account.cash),
  equity: formatMoney(account.equity),
  last_equity: formatMoney(account.lastEquity),
  portfolio_value: formatMoney(account.equity),
  buying_power: formatMoney(account.buyingPower),
  regt_buying_power: formatMoney(account.buyingPower),
  non_marginable_buying_power: formatMoney(
    Math.max(0, Math.min(account.cash, account.buyingPower)) as Money,
  ),
  multiplier: String(account.multiplier),
  long_market_value: formatMoney(account.longMarketValue),
  short_market_value: formatMoney(account.shortMarketValue),
  initial_margin: formatMoney(account.initialMargin),
  maintenance_margin: formatMoney(account.maintenanceMargin),
  last_maintenance_margin: formatMoney(account.maintenanceMargin),
  sma: "0",
  accrued_fees: "0",
  pending_transfer_in: "0",
  pending_transfer_out: "0",
  account_blocked: false,
  trading_blocked: false,
  transfers_blocked: false,
  trade_suspended_by_user: account.suspendTrade,
  shorting_enabled: account.shortingEnabled,
  created_at: toNanoTime(account.createdAtMs),
});

/** What the user may switch, as Alpaca writes it. */
export const toWireConfigurations = (account: AccountView): Json => ({
  fractional_trading: true,
  max_margin_multiplier: String(account.multiplier),
  no_shorting: account.noShorting,
  suspend_trade: account.suspendTrade,
  trade_confirm_email: "none",
});

/** A position as Alpaca writes it; a short one has a negative quantity. */
export const toWirePosition = (position: PositionView): Json => {
  const { quantity, costBasis, marketValue, previousClose } = position;
  const profit = subtractMoney(marketValue, costBasis);
  const valueAtClose = notional(previousClose, quantity);
  const profitToday = subtractMoney(marketValue, valueAtClose);
  return {
    asset_id: assetIdOf(position.symbol),
    symbol: position.symbol,
    exchange: exchangeOf(position.symbol),
    asset_class: "us_equity",
    asset_marginable: true,
    qty: formatQuantity(quantity),
    qty_available: formatQuantity(position.availableQuantity),
    side: quantity > 0 ? "long" : "short",
    avg_entry_price: formatMoney(position.averageEntryPrice),
    market_value: formatMoney(marketValue),
    cost_basis: formatMoney(costBasis),
    unrealized_pl: formatMoney(profit),
    unrealized_plpc: ratio(profit, costBasis),
    unrealized_intraday_pl: formatMoney(profitToday),
    unrealized_intraday_plpc: ratio(profitToday, valueAtClose),
    current_price: formatPrice(position.currentPrice),
    lastday_price: formatPrice(previousClose),
    change_today: ratio(
      addMoney(notional(position.currentPrice, quantity), (0 - valueAtClose) as Money),
      valueAtClose,
    ),
  };
};

/** Where an asset is listed; the simulated market knows two places. */
const exchangeOf = (symbol: Ticker): string => (symbol.length >= 4 ? "NASDAQ" : "NYSE");

/** An asset as Alpaca writes it. */
export const toWireAsset = (symbol: Ticker): Json => ({
  id: assetIdOf(symbol),
  class: "us_equity",
  exchange: exchangeOf(symbol),
  symbol,
  name: `${symbol} (simulated)`,
  status: "active",
  tradable: true,
  marginable: true,
  shortable: true,
  easy_to_borrow: true,
  borrow_status: "easy_to_borrow",
  fractionable: true,
  attributes: [],
});

const ratio = (part: Money, whole: Money): string =>
  whole === 0 ? "0" : (part / Math.abs(whole)).toFixed(10);
