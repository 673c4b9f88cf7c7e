/** Writes what is text of 18 or 19 digits as the number that the vendor writes. */
export const withNanoseconds = (text: string): string => text.replaceAll(/"(\d{18,19})"/g, "$1");

const day = { o: 172.1, h: 173.2, l: 171.6618, c: 172.61, v: 56_457_696, vw: 172.5 };

/** A snapshot as Polygon writes it; its nanoseconds are numbers only on the wire. */
export const polygonSample = {
  count: 2,
  status: "OK",
  tickers: [
    {
      ticker: "SPY",
      todaysChange: -0.58,
      todaysChangePerc: -0.33,
      updated: "1381153287052123457",
      day,
      lastQuote: { P: 172.7, S: 5, p: 172.6, s: 2, t: "1381153287052123457" },
      lastTrade: { c: [14, 41], i: "7167", p: 172.61, s: 160, t: "1381153286999999999", x: 4 },
      min: { ...day, av: 56_457_696, n: 12, t: 1_381_153_200_000 },
      prevDay: { ...day, c: 173.19 },
    },
    {
      ticker: "IBM",
      todaysChange: 0,
      todaysChangePerc: 0,
      updated: "1381153287052123457",
      day: { o: 0, h: 0, l: 0, c: 0, v: 0, vw: 0 },
      lastQuote: { P: 0, S: 0, p: 182.1, s: 1, t: "1381153287052123457" },
      min: { o: 0, h: 0, l: 0, c: 0, v: 0, vw: 0, av: 0, t: 0 },
      prevDay: day,
    },
  ],
};

/** Two symbols as Tiingo writes them: one in the session, one of a plan without quotes. */
export const tiingoSample = [
  {
    ticker: "SPY",
    timestamp: "2013-10-07T13:41:27.052123457+00:00",
    lastSaleTimestamp: "2013-10-07T09:41:26.999999999-04:00",
    quoteTimestamp: "2013-10-07T13:41:27.052123457+00:00",
    open: 172.1,
    high: 173.2,
    low: 171.6618,
    mid: 172.65,
    tngoLast: 172.61,
    last: 172.61,
    lastSize: 160,
    bidSize: 200,
    bidPrice: 172.6,
    askPrice: 172.7,
    askSize: 500,
    volume: 564_576,
    prevClose: 173.19,
  },
  {
    ticker: "BRK-B",
    timestamp: "2013-10-07T13:41:00+00:00",
    lastSaleTimestamp: null,
    quoteTimestamp: null,
    open: 114.1,
    high: 114.9,
    low: 113.8,
    mid: null,
    tngoLast: 114.25,
    last: null,
    lastSize: null,
    bidSize: null,
    bidPrice: null,
    askPrice: null,
    askSize: null,
    volume: 0,
    prevClose: 114.9,
  },
];

/** A chart as Yahoo writes it, with a minute of nulls and a last row that is under way. */
export const yahooSample = {
  chart: {
    result: [
      {
        meta: {
          currency: "USD",
          symbol: "SPY",
          instrumentType: "EQUITY",
          regularMarketTime: 1_381_153_287,
          regularMarketPrice: 172.61,
          chartPreviousClose: 173.19,
          dataGranularity: "1m",
          range: "1d",
        },
        timestamp: [1_381_153_080, 1_381_153_140, 1_381_153_200, 1_381_153_287],
        indicators: {
          quote: [
            {
              open: [172.1, null, 172.3, 172.61],
              high: [172.4, null, 172.7, 172.61],
              low: [172.05, null, 172.2, 172.61],
              close: [172.3, null, 172.6, 172.61],
              volume: [120_000, null, 90_000, 0],
            },
          ],
        },
      },
    ],
    error: null,
  },
};
