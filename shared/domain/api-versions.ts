/** The versions of the vendors' APIs that the adapters' contracts were written against. */
export const API_VERSIONS =
  "Alpaca trading v2, Alpaca market data v2, Massive snapshot v2, Yahoo chart v8, Tiingo IEX 1.0";
