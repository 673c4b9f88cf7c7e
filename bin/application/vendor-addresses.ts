import type { VendorUrls } from "../../lib/stacks/trading-stack.ts";

/** Where the vendors answer. Shadow reads the paper account too: it could not trade by mistake. */
export const VENDORS: VendorUrls & { readonly pagerUrl: string } = {
  brokerUrl: "https://paper-api.alpaca.markets",
  marketDataUrl: "https://data.alpaca.markets",
  polygonUrl: "https://api.massive.com",
  yahooUrl: "https://query1.finance.yahoo.com",
  tiingoUrl: "https://api.tiingo.com",
  flowUrl: "https://api.unusualwhales.com",
  pagerUrl: "https://events.pagerduty.com",
};
