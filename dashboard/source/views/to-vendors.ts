import type * as z from "zod/mini";
import type { VendorsBody } from "../../../shared/adapters/holdfast-api/contract/market-data.ts";
import type { Tone, VendorsView } from "../view.ts";

/** Each vendor of market data, and what it is used for. */
export const toVendors = (body: z.infer<typeof VendorsBody>): VendorsView => ({
  mode: body.dataMode,
  tone: MODE_TONE[body.dataMode ?? ""] ?? "unknown",
  rows: body.vendors.map((vendor) => ({
    ...vendor,
    name: vendor.vendor,
    use: vendor.use === "none" ? vendor.outcome : vendor.use,
    tone: USE_TONE[vendor.use] ?? "unknown",
  })),
});

const MODE_TONE: Readonly<Record<string, Tone>> = {
  full: "good",
  fewerVendors: "warn",
  cached: "bad",
  static: "bad",
};

const USE_TONE: Readonly<Record<string, Tone>> = {
  prices: "good",
  confirmation: "good",
  none: "bad",
};
