import type { VendorName } from "../../../shared/domain/market/quote.ts";

/** A vendor of market data that the exchange stands in for. */
export type FeedVendor = Exclude<VendorName, "recorded">;

/** What the addresses of each vendor's market data begin with; no two share a beginning. */
const PREFIXES: Readonly<Record<FeedVendor, readonly string[]>> = {
  alpaca: ["/v2/stocks/", "/v1beta1/"],
  polygon: ["/v2/snapshot/", "/v3/snapshot/"],
  yahoo: ["/v8/finance/"],
  tiingo: ["/iex"],
};

/** In the order of preference. */
const FEED_VENDORS: readonly FeedVendor[] = ["alpaca", "polygon", "yahoo", "tiingo"];

/** The vendor whose market data a path is of; `undefined` for any other path. */
export const vendorOfPath = (path: string): FeedVendor | undefined =>
  FEED_VENDORS.find((vendor) => PREFIXES[vendor].some((prefix) => path.startsWith(prefix)));

/** The same for a request as faults see it, `METHOD /path`. */
export const vendorOfLine = (line: string): FeedVendor | undefined =>
  line.startsWith("GET ") ? vendorOfPath(line.slice(4)) : undefined;
