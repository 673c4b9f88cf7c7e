import { ok } from "../../domain/result.ts";
import { probeSignal } from "../../domain/probe/probe-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MarketData, SnapshotAnswer } from "../../ports/market-data.ts";
import type { ConnectProbeVendors } from "../../ports/probe.ts";
import { createAlpacaMarketData } from "../alpaca/market-data.ts";
import type { HttpClient } from "../http/http-client.ts";
import { createPolygonMarketData } from "../polygon/market-data.ts";
import { createUnusualWhalesFlow } from "../unusual-whales/flow.ts";
import { writeSignal } from "./write-signal.ts";

/** Nothing is asked at this address: the bytes come from here. */
const NOWHERE = "https://probe.invalid";
const NO_KEY = "probe";

/** What may be done to the bytes on their way, to prove that a loss is noticed. */
export type Tamper = (body: string, path: string) => string;

/**
 * The very adapters of the vendors, fed with the bytes of the probe's signal: market data of two
 * independent vendors, and the flow. No connection is opened.
 */
export const createProbeVendors =
  (tamper: Tamper = (body) => body): ConnectProbeVendors =>
  (nowMs) => {
    const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
    const http = createCannedHttp(nowMs, tamper);
    const reach = { http, clock, baseUrl: NOWHERE };
    const credentials = { keyId: NO_KEY, secretKey: NO_KEY };
    return {
      flow: createUnusualWhalesFlow({ ...reach, token: NO_KEY }),
      marketData: agree(
        createAlpacaMarketData({ ...reach, credentials, feed: "sip" }),
        createPolygonMarketData({ ...reach, apiKey: NO_KEY }),
      ),
    };
  };

const createCannedHttp = (nowMs: number, tamper: Tamper): HttpClient => {
  const answers = writeSignal(probeSignal(nowMs), nowMs);
  return {
    send: async ({ url }) => {
      const { pathname } = new URL(url);
      const found = answers.find(({ path }) => path.test(pathname));
      return found === undefined
        ? { type: "answer", status: 404, headers: {}, body: "{}" }
        : { type: "answer", status: 200, headers: {}, body: tamper(found.body, pathname) };
    },
    close: () => undefined,
  };
};

/** The first vendor's answer, with the second's as its witness. */
const agree = (first: MarketData, second: MarketData): MarketData => ({
  fetchSnapshots: async (symbols, limits) => {
    const [chosen, other] = await Promise.all([
      first.fetchSnapshots(symbols, limits),
      second.fetchSnapshots(symbols, limits),
    ]);
    if (!chosen.ok || !other.ok) return chosen;
    const witnesses: SnapshotAnswer["witnesses"] = other.value.snapshots;
    return ok({ ...chosen.value, witnesses });
  },
  fetchVolatilityIndex: first.fetchVolatilityIndex,
});
