import { DATA_BREAKER } from "../../domain/breaker/breaker-policy.ts";
import type { MarketConditions } from "../../domain/breaker/adapt-policy.ts";
import type { BreakerTransition } from "../../domain/breaker/transition.ts";
import { isFlagOn, type FlagRollback } from "../../domain/flags/flag.ts";
import type { Snapshot } from "../../domain/market/quote.ts";
import { afterVolumes, NO_PACE } from "../../domain/market/volume-pace.ts";
import type { AskedVendor } from "../../domain/market/vendor-policy.ts";
import { shardsOf, type Settings } from "../../domain/settings.ts";
import type { Alerts } from "../../ports/alerts.ts";
import type { BreakerRecords } from "../../ports/breaker-records.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MarketData, VendorMarketData } from "../../ports/market-data.ts";
import type { Random } from "../../ports/random.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Timers } from "../../ports/timers.ts";
import { createBreakers, type BreakerEvent, type Breakers } from "../calls/breakers.ts";
import { DATA_CALLS } from "../calls/call-policy.ts";
import { createCalls } from "../calls/calls.ts";
import { within } from "../calls/within.ts";
import { createBreakerAlerts } from "./breaker-alerts.ts";
import { createContractAlerts, type VendorNews } from "./contract-alerts.ts";
import type { ReserveLook } from "./look-at-reserves.ts";
import { createGateway } from "./gateway.ts";
import { guardVendor } from "./guard-vendor.ts";

/** What the market data of all configured vendors is made of. */
export type MarketDataDeps = {
  /** Those that can be asked: a vendor without credentials is left out. */
  readonly vendors: Readonly<Partial<Record<AskedVendor, VendorMarketData>>>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly settings: Pick<
    Settings,
    "marketData" | "validation" | "flags" | "symbols" | "shardSize" | "mode"
  >;
  readonly telemetry: Pick<Telemetry, "loadRollbacks" | "recordTransition" | "loadAlert">;
  readonly breakers: BreakerRecords;
  readonly alerts: Alerts;
};

/** The volatility index moves slowly: one request in five minutes. */
const VOLATILITY_EVERY_MS = 5 * 60_000;
/** A vendor in reserve costs a request in five minutes. */
const LOOK_EVERY_MS = 5 * 60_000;
const ROLLBACKS_WAIT_MS = 100;
const CHANGES_WAIT_MS = 500;
const ALERTS_WAIT_MS = 1_000;
/** Polls of other shards may come before the news of one is told. */
const UNTOLD_MAX = 100;
/** More changes than this between two polls are no news. */
const CHANGES_MAX = 50;

/**
 * All vendors behind one door: breakers that the functions of a Region share, the gateway's choice
 * and consensus, and the market's volatility and volume, which loosen the breakers (E2).
 */
export const createMarketData = (deps: MarketDataDeps): MarketData => {
  const { clock, timers, random, settings } = deps;
  const alerts = createBreakerAlerts(deps.alerts, settings.mode);
  const contracts = createContractAlerts(deps, settings.mode);
  const changes = createChangeLog(deps);
  const breakers = createBreakers({
    clock,
    random,
    timers,
    records: deps.breakers,
    policy: DATA_BREAKER,
    kind: "data",
    onTransition: (event) => {
      alerts.note(event);
      changes.note(event);
    },
  });
  const calls = createCalls({ breakers, clock, timers, policy: DATA_CALLS });
  const vendors = settings.marketData.vendors.flatMap((vendor) => {
    const data = deps.vendors[vendor];
    if (data === undefined) return [];
    return guardVendor({ vendor, data, origin: originOf(vendor, settings), calls, breakers });
  });
  const rollbacks = createRollbacks(deps);
  const gateway = createGateway({
    vendors,
    clock,
    timers,
    random,
    policy: settings.marketData,
    validation: settings.validation,
    isOn: (flag, subject) => isFlagOn(flag, subject, settings.flags[flag], rollbacks.of(flag)),
    lookEveryMs: LOOK_EVERY_MS,
    shards: shardsOf(settings.symbols, settings.shardSize).length,
  });
  const mood = createMood(deps, gateway, breakers);
  let untold: readonly VendorNews[] = [];
  const keepNews = async (): Promise<void> => {
    const news = untold;
    untold = [];
    await breakers.flush();
    await changes.keep();
    await within(timers, ALERTS_WAIT_MS, alerts.publish());
    await within(timers, ALERTS_WAIT_MS, contracts.tell(news, clock.nowMs()));
  };
  return {
    fetchSnapshots: async (symbols, limits) => {
      await Promise.all([breakers.refresh(), rollbacks.refresh()]);
      const answer = await gateway.fetchSnapshots(symbols, limits);
      if (answer.ok) mood.noteVolumes(answer.value.snapshots);
      const reports = answer.ok ? answer.value.vendors : answer.error.vendors;
      // Told once the data are published: nobody who trades waits for a store or for alerts.
      untold = [...untold, ...(reports ?? [])].slice(-UNTOLD_MAX);
      return answer;
    },
    fetchVolatilityIndex: gateway.fetchVolatilityIndex,
    tend: async () => {
      await keepNews();
      const [looks] = await Promise.all([gateway.lookAtReserves(), mood.askVolatility()]);
      if (looks.length === 0) return;
      untold = [...untold, ...looks.map(newsOf)];
      await keepNews();
    },
  };
};

const newsOf = ({ vendor, result }: ReserveLook): VendorNews => ({
  vendor: vendor.vendor,
  outcome:
    result.type === "answered"
      ? { type: "answered", symbols: result.answer.snapshots.length }
      : result,
});

/** Alpaca's free feed is IEX, which Tiingo resells: one source under two names. */
const originOf = (vendor: AskedVendor, { marketData }: Pick<Settings, "marketData">): string => {
  const isIex = vendor === "tiingo" || (vendor === "alpaca" && marketData.alpacaFeed === "iex");
  return isIex ? "iex" : vendor;
};

/** What all functions decided, kept after the poll; what cannot be kept in time is lost. */
const createChangeLog = ({ telemetry, timers }: MarketDataDeps) => {
  let noted: readonly BreakerTransition[] = [];
  return {
    note: ({ scope, ...transition }: BreakerEvent): void => {
      if (scope === "shared") noted = [...noted, transition].slice(-CHANGES_MAX);
    },
    keep: async (): Promise<void> => {
      if (noted.length === 0) return;
      const keeping = noted.map((change) => telemetry.recordTransition(change));
      noted = [];
      await within(timers, CHANGES_WAIT_MS, Promise.all(keeping));
    },
  };
};

/** What was rolled back, looked at before each poll; what cannot be read stays as it was known. */
const createRollbacks = ({ telemetry, timers }: MarketDataDeps) => {
  let known: readonly FlagRollback[] = [];
  return {
    of: (flag: FlagRollback["flag"]) => known.find((one) => one.flag === flag),
    refresh: async (): Promise<void> => {
      const loaded = await within(timers, ROLLBACKS_WAIT_MS, telemetry.loadRollbacks());
      if (loaded !== undefined) known = loaded;
    },
  };
};

/** What the breakers are told of the market: its volatility, asked now and then, and its volume. */
const createMood = (
  { clock }: MarketDataDeps,
  gateway: Pick<MarketData, "fetchVolatilityIndex">,
  breakers: Pick<Breakers, "observeMarket">,
) => {
  let askedAtMs = -Infinity;
  let pace = NO_PACE;
  // Both are told each time: what is not told counts as not known.
  let conditions: MarketConditions = {};
  return {
    askVolatility: async (): Promise<void> => {
      if (clock.monotonicMs() - askedAtMs < VOLATILITY_EVERY_MS) return;
      askedAtMs = clock.monotonicMs();
      const index = await gateway.fetchVolatilityIndex();
      if (!index.ok || index.value === undefined) return;
      const volatilityIndex = { value: index.value, atMs: clock.nowMs() };
      conditions = { ...conditions, volatilityIndex };
      breakers.observeMarket(conditions);
    },
    noteVolumes: (snapshots: readonly Snapshot[]): void => {
      const step = afterVolumes(pace, snapshots);
      pace = step.pace;
      if (step.ratio !== undefined) {
        conditions = { ...conditions, volumeRatio: { value: step.ratio, atMs: clock.nowMs() } };
      }
      breakers.observeMarket(conditions);
    },
  };
};
