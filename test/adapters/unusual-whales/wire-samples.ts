/** An alert as Unusual Whales writes it. */
export const alertSample = {
  ticker: "SPY",
  created_at: "2013-10-07T13:40:52.168490Z",
  type: "call",
  strike: "175",
  expiry: "2013-12-22",
  total_premium: "186705.5",
  total_ask_side_prem: "151875",
  total_bid_side_prem: "405",
  total_size: 461,
  trade_count: 32,
  volume: 2442,
  open_interest: 7913,
  underlying_price: "172.16",
  has_sweep: true,
  has_floor: false,
  has_multileg: false,
  all_opening_trades: false,
  alert_rule: "RepeatedHits",
};

/** A print as Unusual Whales writes it. */
export const printSample = {
  executed_at: "2013-10-07T13:40:00Z",
  price: "172.62",
  size: 6400,
  premium: "1104768",
  nbbo_bid: "172.6",
  nbbo_ask: "172.64",
  canceled: false,
  tracking_id: 71984388012245,
};

/** The body of each endpoint, by the end of its path. */
export const bodySamples = {
  darkpool: { data: [printSample, { ...printSample, canceled: true, nbbo_bid: null }] },
  "market-tide": {
    data: [
      {
        timestamp: "2013-10-07T09:30:00-04:00",
        net_call_premium: "10660468.00",
        net_put_premium: "3075000",
        net_volume: 26000,
      },
      {
        timestamp: "2013-10-07T09:40:00-04:00",
        net_call_premium: "-20660468.50",
        net_put_premium: "-575000",
        net_volume: -1000,
      },
    ],
  },
  "iv-rank": {
    data: [
      {
        date: "2013-10-04",
        updated_at: "2013-10-04T20:15:00Z",
        close: "170",
        volatility: "0.2",
        iv_rank_1y: "0.25",
      },
      { date: "2013-10-03", close: "169", volatility: "0.2", iv_rank_1y: "0.9" },
    ],
  },
  "greek-exposure": {
    data: [
      { date: "2013-10-03", call_gamma: "1", put_gamma: "-9", call_delta: "5" },
      { date: "2013-10-04", call_gamma: "227549667.4651", put_gamma: "-191893077.7193" },
    ],
  },
  "oi-change": {
    data: [
      { option_symbol: "SPY131220C00175000", oi_diff_plain: 33088, curr_date: "2013-10-07" },
      { option_symbol: "SPY131220P00170000", oi_diff_plain: "1088", curr_date: "2013-10-07" },
      { option_symbol: "SPY131220P00160000", oi_diff_plain: 90000, curr_date: "2013-10-04" },
    ],
  },
  "in-outflow": {
    data: [
      { date: "2013-10-04", change: -1_200_000, change_prem: "-198000000", volume: 90_000_000 },
      { date: "2013-10-03", change: "3200000", change_prem: "528000000", volume: 110_000_000 },
    ],
  },
  ftds: {
    data: [
      { date: "2013-09-20", symbol: "SPY", quantity: "120431" },
      { date: "2013-09-19", symbol: "SPY", quantity: "7" },
    ],
  },
  "interest-float": {
    data: [
      {
        symbol: "SPY",
        market_date: "2013-09-30",
        short_interest: "180000000",
        total_float: "900000000",
        percent_returned: "20",
        days_to_cover_returned: "1.40",
      },
    ],
  },
  insider: {
    data: [
      {
        ticker: "SPY",
        transaction_code: "P",
        amount: "3000",
        transaction_date: "2013-10-01",
        filing_date: "2013-10-03",
      },
      {
        ticker: "SPY",
        transaction_code: "S",
        amount: "-1000",
        transaction_date: "2013-09-02",
        filing_date: "2013-09-04",
      },
      {
        ticker: "SPY",
        transaction_code: "A",
        amount: "90000",
        transaction_date: "2013-10-01",
        filing_date: "2013-10-02",
      },
    ],
  },
  "recent-trades": {
    data: [
      {
        ticker: "SPY",
        name: "A Member",
        txn_type: "Buy",
        amounts: "$1,001 - $15,000",
        transaction_date: "2013-09-16",
        filed_at_date: "2013-10-02",
      },
      {
        ticker: "SPY",
        name: "A Member",
        txn_type: "Sell (Partial)",
        amounts: "$1,001 - $15,000",
        transaction_date: "2013-05-16",
        filed_at_date: "2013-06-02",
      },
      {
        ticker: null,
        name: "A Member",
        txn_type: "Exchange",
        amounts: "$1,001 - $15,000",
        transaction_date: "2013-09-16",
        filed_at_date: "2013-10-05",
      },
    ],
  },
  ownership: {
    data: [
      {
        name: "One",
        units: "4000000",
        units_changed: "500000",
        value: "680000000",
        report_date: "2013-06-30",
        filing_date: "2013-08-14",
      },
      {
        name: "Two",
        units: "1000000",
        units_changed: "-100000",
        value: "170000000",
        report_date: "2013-06-30",
        filing_date: "2013-08-10",
      },
    ],
  },
  earnings: {
    data: [
      { report_date: "2013-07-18", report_time: "postmarket" },
      { report_date: "2013-10-10", report_time: "postmarket" },
    ],
  },
  "economic-calendar": {
    data: [
      { event: "Consumer credit", type: "report", time: "2013-10-07T19:00:00Z", forecast: null },
      { event: "Trade balance", type: "report", time: "2013-10-08T12:30:00Z", forecast: "-39.5" },
    ],
  },
  "fda-calendar": {
    data: [
      { ticker: "SPY", drug: "X-1", start_date: "2013-10-09", end_date: "2013-10-12" },
      { ticker: null, drug: "X-2", start_date: "2013-10-09", end_date: null },
    ],
  },
};
