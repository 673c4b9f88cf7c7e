import { createGateway, type Gateway } from "../../../shared/adapters/gateway/gateway.ts";
import type { AskResult, GatewayVendor } from "../../../shared/adapters/gateway/gateway-vendor.ts";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import type { Snapshot } from "../../../shared/domain/market/quote.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import { DEFAULT_VALIDATION_POLICY } from "../../../shared/domain/market/validate-quote.ts";
import type { AskedVendor, VendorPolicy } from "../../../shared/domain/market/vendor-policy.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

/** Eleven in the morning of a trading day. */
export const ELEVEN_MS = newYorkToEpochMs(parseSessionDate("2026-03-10")!, 11 * 3_600_000);

export const policy: VendorPolicy = {
  vendors: ["alpaca", "polygon", "yahoo", "tiingo"],
  alpacaFeed: "iex",
  deadlineMs: 4_000,
  symbolRequestsMax: 20,
  requestsPerMinute: { alpaca: 100, polygon: 100, yahoo: 60, tiingo: 60 },
  requestCost: { alpaca: 1, polygon: 1, yahoo: 1, tiingo: 1 },
};

export const tickers = (count: number): readonly Ticker[] =>
  Array.from({ length: count }, (_none, index) => {
    const name = `A${String.fromCodePoint(65 + Math.floor(index / 26), 65 + (index % 26))}`;
    return parseTicker(name)!;
  });

/** The true price of a symbol, in ten-thousandths. */
export const truePrice = (symbol: Ticker): number =>
  1_000_000 + 10_000 * ((symbol.codePointAt(1) ?? 0) + (symbol.codePointAt(2) ?? 0));

/** How a vendor behaves in one poll. */
export type Behaviour =
  | { readonly type: "answers"; readonly afterMs: number; readonly factor?: number }
  | { readonly type: "fails"; readonly afterMs: number }
  | { readonly type: "hangs" }
  | { readonly type: "refused" }
  | { readonly type: "misses"; readonly symbols: readonly Ticker[] }
  | { readonly type: "stale" };

export type Asked = {
  readonly vendor: AskedVendor;
  readonly symbols: readonly Ticker[];
  readonly requests: number;
  isAborted: boolean;
};

export type FakeMarket = {
  readonly gateway: Gateway;
  readonly time: VirtualTime;
  readonly asked: Asked[];
  /** For whom connections were opened ahead, and for how many symbols. */
  readonly prepared: { readonly vendor: AskedVendor; readonly symbols: number }[];
  /** Changes how a vendor behaves from now on. */
  readonly behave: (vendor: AskedVendor, behaviour: Behaviour) => void;
};

const HEALTHY: Behaviour = { type: "answers", afterMs: 12 };

const PER_REQUEST: Readonly<Record<AskedVendor, number>> = {
  alpaca: 100,
  polygon: 100,
  yahoo: 1,
  tiingo: 100,
};

/** Four vendors of which two resell IEX, behind the gateway, in virtual time. */
export const openMarket = (
  change: {
    readonly isOn?: Parameters<typeof createGateway>[0]["isOn"];
    readonly vendorsToAgree?: 1 | 2;
    readonly lookEveryMs?: number;
  } = {},
): FakeMarket => {
  const time = createVirtualTime(ELEVEN_MS);
  const behaviours = new Map<AskedVendor, Behaviour>();
  const asked: Asked[] = [];
  const prepared: { readonly vendor: AskedVendor; readonly symbols: number }[] = [];
  const vendors = policy.vendors.map((vendor): GatewayVendor => ({
    vendor,
    origin: vendor === "alpaca" || vendor === "tiingo" ? "iex" : vendor,
    symbolsPerRequest: PER_REQUEST[vendor],
    ask: async (symbols, { signal }) => {
      const requests = Math.ceil(symbols.length / PER_REQUEST[vendor]);
      const entry: Asked = { vendor, symbols, requests, isAborted: false };
      asked.push(entry);
      signal?.addEventListener("abort", () => {
        entry.isAborted = true;
      });
      return answer(vendor, symbols, behaviours.get(vendor) ?? HEALTHY, time);
    },
    prepare: (symbols) => prepared.push({ vendor, symbols }),
    usualMs: () => undefined,
    askVolatilityIndex: async () => (vendor === "polygon" ? 17.5 : undefined),
  }));
  const gateway = createGateway({
    ...time,
    vendors,
    policy,
    validation: {
      ...DEFAULT_VALIDATION_POLICY,
      vendorsToAgree: change.vendorsToAgree ?? 2,
    },
    random: { next: () => 0.5 },
    isOn: change.isOn ?? (() => true),
    shards: 1,
    lookEveryMs: change.lookEveryMs ?? Infinity,
  });
  return { gateway, time, asked, prepared, behave: (vendor, how) => behaviours.set(vendor, how) };
};

const answer = async (
  vendor: AskedVendor,
  symbols: readonly Ticker[],
  how: Behaviour,
  time: VirtualTime,
): Promise<AskResult> => {
  switch (how.type) {
    case "hangs":
      return new Promise(() => undefined);
    case "refused":
      return { type: "refused", reason: "Its breaker is open." };
    case "fails":
      await time.wait(how.afterMs);
      return {
        type: "failed",
        fault: { type: "VendorFault", vendor, class: "NETWORK", detail: "503" },
      };
    case "answers":
      await time.wait(how.afterMs);
      return snapshots(vendor, symbols, time, { factor: how.factor ?? 1 });
    case "stale":
      await time.wait(12);
      return snapshots(vendor, symbols, time, { ageMs: 600_000 });
    case "misses":
      await time.wait(12);
      return snapshots(
        vendor,
        symbols.filter((symbol) => !how.symbols.includes(symbol)),
        time,
        { missing: how.symbols.filter((symbol) => symbols.includes(symbol)) },
      );
  }
};

const snapshots = (
  vendor: AskedVendor,
  symbols: readonly Ticker[],
  { clock }: VirtualTime,
  how: { readonly factor?: number; readonly ageMs?: number; readonly missing?: readonly Ticker[] },
): AskResult => ({
  type: "answered",
  answer: {
    snapshots: symbols.map((symbol) =>
      snapshotOf(
        vendor,
        symbol,
        truePrice(symbol) * (how.factor ?? 1),
        clock.nowMs() - (how.ageMs ?? 500),
      ),
    ),
    missing: how.missing ?? [],
  },
});

export const snapshotOf = (
  source: AskedVendor,
  symbol: Ticker,
  units: number,
  exchangeTimeMs: number,
): Snapshot => {
  const price = Math.round(units) as Price;
  const isTradeOnly = source === "yahoo";
  return {
    symbol,
    source,
    ...(isTradeOnly ? ({ quality: "tradeOnly" } as const) : {}),
    ...(source === "alpaca" || source === "tiingo" ? ({ origin: "iex" } as const) : {}),
    quote: isTradeOnly
      ? undefined
      : {
          symbol,
          bid: (price - 100) as Price,
          ask: (price + 100) as Price,
          bidSize: 3,
          askSize: 4,
          exchangeTimeMs,
        },
    trade: { symbol, price, size: 5, exchangeTimeMs },
    minuteBar: undefined,
    dailyBar: undefined,
    previousDailyBar: undefined,
    receivedAtMs: exchangeTimeMs + 10,
  };
};
