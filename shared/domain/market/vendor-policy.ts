import type { VendorName } from "./quote.ts";

/** The vendors that can be asked; a recording is not one of them. */
export type AskedVendor = Exclude<VendorName, "recorded">;

/** How the vendors are asked. */
export type VendorPolicy = {
  /** In the order that stands where nothing else tells them apart. */
  readonly vendors: readonly AskedVendor[];
  /** Alpaca's own source; `iex` is the same one as Tiingo's. */
  readonly alpacaFeed: "sip" | "iex" | "delayed_sip";
  /** How long a poll may take, milliseconds. */
  readonly deadlineMs: number;
  /** How many requests a poll may make to a vendor that answers one symbol a request. */
  readonly symbolRequestsMax: number;
  readonly requestsPerMinute: Readonly<Record<AskedVendor, number>>;
  /** What one request costs, in any unit that is the same for all. */
  readonly requestCost: Readonly<Record<AskedVendor, number>>;
};
