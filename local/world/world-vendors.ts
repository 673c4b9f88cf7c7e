import type { Clock } from "../../shared/ports/clock.ts";
import type { WorldClock } from "./world-clock.ts";

/** Where broker, market data and flow answer, and who asks. */
export type WorldVendors = {
  readonly brokerUrl: string;
  /** Alpaca's market data. */
  readonly marketDataUrl: string;
  readonly polygonUrl: string;
  readonly yahooUrl: string;
  readonly tiingoUrl: string;
  readonly flowUrl: string;
  readonly credentials: {
    readonly keyId: string;
    readonly secretKey: string;
    /** Without one nothing is known of flow. */
    readonly token: string | undefined;
    /** Without one the vendor is not asked. */
    readonly polygonKey: string | undefined;
    readonly tiingoToken: string | undefined;
  };
};

/** The world's clock where the vendors are real: the host's own, which nobody moves. */
export const createRealClock = (host: Clock): WorldClock => ({
  ...host,
  renew: () => undefined,
  jumpTo: () => undefined,
  hostMsUntil: (atMs) => Math.max(0, atMs - host.nowMs()),
  stop: () => undefined,
});
