/** A working order as Alpaca writes it. */
export const orderSample = {
  id: "7b08df51-c1ac-453c-99f9-323a5f075f0d",
  client_order_id: "hf_core_main_SPY_20131007_0940_buy_entry_0",
  created_at: "2013-10-07T13:40:01.668464435Z",
  updated_at: "2013-10-07T13:40:01.668464435Z",
  submitted_at: "2013-10-07T13:40:01.577215743Z",
  filled_at: null,
  expired_at: null,
  canceled_at: null,
  failed_at: null,
  replaced_at: null,
  replaced_by: null,
  replaces: null,
  asset_id: "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415",
  symbol: "SPY",
  asset_class: "us_equity",
  notional: null,
  qty: "2",
  filled_qty: "0",
  filled_avg_price: null,
  order_class: "simple",
  order_type: "limit",
  type: "limit",
  side: "buy",
  time_in_force: "day",
  limit_price: "150",
  stop_price: null,
  status: "accepted",
  extended_hours: false,
  legs: null,
  trail_percent: null,
  trail_price: null,
  hwm: null,
};

/** A position as Alpaca writes it. */
export const positionSample = {
  asset_id: "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415",
  symbol: "SPY",
  exchange: "ARCA",
  asset_class: "us_equity",
  asset_marginable: true,
  qty: "5",
  qty_available: "4",
  avg_entry_price: "100.123456789",
  side: "long",
  market_value: "600.0",
  cost_basis: "500.0",
  unrealized_pl: "100.0",
  unrealized_plpc: "0.20",
  unrealized_intraday_pl: "10.0",
  unrealized_intraday_plpc: "0.0084",
  current_price: "120.0",
  lastday_price: "119.0",
  change_today: "0.0084",
};

/** An account as Alpaca writes it since July 2026, without the fields on day trading. */
export const accountSample = {
  id: "1d9eed04-be39-4e01-9b84-a48ac5bbafcf",
  account_number: "PALPACA_123",
  status: "ACTIVE",
  currency: "USD",
  buying_power: "245432.61",
  regt_buying_power: "245432.61",
  cash: "122086.5",
  equity: "123346.11",
  last_equity: "122011.09751111286868",
  long_market_value: "1259.61",
  short_market_value: "0",
  multiplier: "2",
  shorting_enabled: true,
  account_blocked: false,
  trading_blocked: false,
  transfers_blocked: false,
  trade_suspended_by_user: false,
};

/** The clock as Alpaca writes it, during a session. */
export const clockSample = {
  timestamp: "2013-10-07T09:41:22.5-04:00",
  is_open: true,
  next_open: "2013-10-08T09:30:00-04:00",
  next_close: "2013-10-07T16:00:00-04:00",
};

/** Two snapshots as Alpaca writes them. */
export const snapshotsSample = {
  SPY: {
    latestTrade: {
      c: ["@", "T"],
      i: 52983525029461,
      p: 172.61,
      s: 160,
      t: "2013-10-07T13:41:24.114694956Z",
      x: "Q",
      z: "C",
    },
    latestQuote: {
      ap: 172.7,
      as: 500,
      ax: "Q",
      bp: 172.6,
      bs: 200,
      bx: "Q",
      c: ["R"],
      t: "2013-10-07T13:41:27.052763263Z",
      z: "C",
    },
    minuteBar: bar("2013-10-07T13:40:00Z", 172.69, 172.7, 172.5, 172.6, 106),
    dailyBar: bar("2013-10-07T04:00:00Z", 172.62, 173.71, 171.6618, 173.03, 56457696),
    prevDailyBar: bar("2013-10-04T04:00:00Z", 171.5, 173.39, 171.345, 173.19, 54091719),
  },
  IBM: {
    latestTrade: {
      c: ["@"],
      i: 2047,
      p: 911.99,
      s: 100,
      t: "2013-10-07T13:41:12Z",
      x: "P",
      z: "C",
    },
    latestQuote: {
      ap: 0,
      as: 0,
      ax: " ",
      bp: 911.31,
      bs: 100,
      bx: "Q",
      c: ["R"],
      t: "2013-10-07T13:41:23.84717767Z",
      z: "C",
    },
    minuteBar: null,
    dailyBar: bar("2013-10-07T04:00:00Z", 935, 944, 908.65, 919.69, 29378774),
    prevDailyBar: bar("2013-10-04T04:00:00Z", 939.4, 939.4, 903.69, 927.96, 825109),
  },
};

function bar(t: string, o: number, h: number, l: number, c: number, v: number) {
  return { t, o, h, l, c, v, n: 3, vw: c };
}
