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
};
