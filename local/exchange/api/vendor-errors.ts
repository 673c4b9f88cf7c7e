import type { FeedVendor } from "../vendors/vendor-paths.ts";
import { alpacaError, type RouteAnswer } from "./api.ts";

/** What a vendor answers to too many requests, without the headers that say when to come back. */
export const vendorTooMany = (vendor: FeedVendor | undefined): RouteAnswer => {
  switch (vendor) {
    case undefined:
    case "alpaca":
      return alpacaError(429, 42910000, "too many requests.");
    case "polygon":
      return polygonError(429, "ERROR", "You've exceeded the maximum requests per minute.");
    case "yahoo":
      return { status: 429, text: "Too Many Requests\r\n" };
    case "tiingo":
      return { status: 429, text: "Error: You have run over your hourly request allocation." };
  }
};

/** An error in a vendor's own form within an answer of status 200. */
export const vendorErrorInside = (vendor: FeedVendor | undefined): RouteAnswer => {
  switch (vendor) {
    case undefined:
    case "alpaca":
      return { status: 200, body: { message: "internal server error occurred" } };
    case "polygon":
      return polygonError(200, "ERROR", "An internal error occurred.");
    case "yahoo":
      return yahooError(200, "Internal Server Error", "The backend did not answer.");
    case "tiingo":
      return { status: 200, body: { detail: "An internal error occurred." } };
  }
};

/** What stands between a vendor and its clients when the vendor does not answer. */
export const gatewayPage = (status: number): RouteAnswer => ({
  status,
  text: "upstream connect error or disconnect/reset before headers",
});

/** An error as Polygon (Massive) writes it. */
export const polygonError = (status: number, word: string, error: string): RouteAnswer => ({
  status,
  body: { status: word, request_id: "0d1f0c9a7d2b4a7c9f0e7a4a3f0b2c1d", error },
});

/** An error as Yahoo's chart writes it. */
export const yahooError = (status: number, code: string, description: string): RouteAnswer => ({
  status,
  body: { chart: { result: null, error: { code, description } } },
});
