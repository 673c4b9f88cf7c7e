import type { Clock } from "../../ports/clock.ts";
import type { CallLimits } from "../../ports/market-data.ts";
import type { HttpClient } from "../http/http-client.ts";
import type { RequestLimits } from "../http/vendor-reader.ts";

/** What an adapter needs to reach a vendor of market data. */
export type VendorConnection = {
  readonly http: HttpClient;
  /** Without a slash at its end: `https://api.massive.com`. */
  readonly baseUrl: string;
  readonly clock: Clock;
};

/** A vendor's own limit of one request, milliseconds; callers' deadlines are usually closer. */
export const VENDOR_TIMEOUT_MS = 5_000;

/** What is left of a caller's deadline, as one request's limits. */
export const requestLimits = (
  clock: Clock,
  { deadlineMs, signal }: CallLimits = {},
): RequestLimits => ({
  withinMs: deadlineMs === undefined ? undefined : deadlineMs - clock.monotonicMs(),
  signal,
});
