import type { HttpClient } from "../../shared/adapters/http/http-client.ts";
import type { WorldQueues } from "./queues.ts";
import type { WorldClock } from "./world-clock.ts";
import type { RegionItems } from "./world-functions-options.ts";
import type { WorldVendors } from "./world-vendors.ts";
import type { WorldOptions } from "./world.ts";

/** What the machinery is built on, beside the world's own options. */
export type MachineryOptions = Pick<
  WorldOptions,
  "settings" | "state" | "random" | "pause" | "host" | "timers" | "tell" | "sessionAfter" | "seams"
> & {
  readonly clock: WorldClock;
  readonly vendors: WorldVendors;
  readonly http: HttpClient;
  /** For vendors of market data, which are asked once a minute. */
  readonly vendorHttp: HttpClient;
  readonly queues: WorldQueues;
  /** Where there are two Regions; this one then keeps or watches the lease. */
  readonly regionItems?: RegionItems | undefined;
  readonly onFailure: (name: string, error: unknown) => void;
};
