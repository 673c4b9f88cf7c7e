import { createExchange } from "../../local/exchange/core/exchange.ts";
import type { ExchangeJournal } from "../../local/exchange/core/journal.ts";
import type { Order } from "../../local/exchange/core/order.ts";
import { usd } from "../../shared/domain/market/money.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { createEngine } from "../engine/engine.ts";
import { createRandomStreams } from "../engine/random-streams.ts";
import { createFaultControl } from "../faults/fault-control.ts";
import type { InjectedFault } from "../faults/fault-kind.ts";
import type { Observation, WorldView } from "../observation.ts";
import type { EnabledFault } from "../seed-run.ts";
import { createLedgerStore } from "../services/ledger-store.ts";
import { createLockedBuckets } from "../services/locked-buckets.ts";
import { createTelemetryTable } from "../services/telemetry-store.ts";
import { nextStepMs } from "./hours.ts";
import { createSimulatedMarket, MARKET_STEP_MS, type SimulatedMarket } from "./market.ts";
import type { Happened, Observe } from "./observe.ts";
import { signSettings } from "./sign-settings.ts";
import { startPartialFills } from "./partial-fills.ts";
import { createRegion, type Region } from "./region.ts";
import type { SharedWorld } from "./shared-world.ts";
import { createBrokerSide } from "./broker-side.ts";
import { createVendorSide } from "./simulated-vendors.ts";
import type { Configuration } from "../../shared/runtime/configuration-schema.ts";
import { verifyAudit } from "./verify-audit.ts";
import { createSettings, REGIONS } from "./world-settings.ts";

/** What a world is made from. */
export type WorldOptions = {
  readonly seed: number;
  readonly startsAtMs: number;
  readonly enabled: readonly EnabledFault[];
  readonly onlyFaults: ReadonlySet<number> | undefined;
  /** Settings are drawn where it is absent. */
  readonly configuration: Configuration | undefined;
  readonly onObservation: (observation: Observation) => void;
  readonly onFault: (fault: InjectedFault) => void;
  /** Called when an event and all that it resumed is over. */
  readonly afterEvent: () => void;
};

/** Two Regions, one exchange, and everything between. */
export type SimulatedWorld = SharedWorld & {
  readonly market: SimulatedMarket;
  readonly regions: readonly [Region, Region];
  readonly view: WorldView;
  /** Acts once, when the next such thing is observed. */
  readonly whenNext: (isMet: Awaited["isMet"], act: Awaited["act"]) => void;
  /** Signs what the world begins with, as its deployment does. */
  readonly sign: () => Promise<void>;
  /** Verifies the audit past every fault, and tells what came of it. */
  readonly verifyAudit: () => Promise<void>;
};

type Awaited = {
  readonly isMet: (observation: Observation) => boolean;
  readonly act: (met: Observation) => void;
};

/** What is told was made for being told: it is given its moment, and not copied. */
const datedAt = (happened: Happened, atMs: number): Observation => {
  const observation = happened as Happened & { atMs: number };
  observation.atMs = atMs;
  return observation;
};

const STARTING_CASH = usd(100_000);

/** Builds a world at its first moment; nothing is planned yet but its prices. */
export const createWorld = (options: WorldOptions): SimulatedWorld => {
  const { seed, startsAtMs } = options;
  const streams = createRandomStreams(seed);
  const engine = createEngine(startsAtMs, options.afterEvent);
  let awaited: Awaited[] = [];
  const observe: Observe = (happened) => {
    const observation = datedAt(happened, engine.nowMs());
    options.onObservation(observation);
    if (awaited.length === 0) return;
    const met = awaited.filter(({ isMet }) => isMet(observation));
    if (met.length === 0) return;
    awaited = awaited.filter((one) => !met.includes(one));
    for (const { act } of met) act(observation);
  };
  const faults = createFaultControl({
    ...options,
    seedKey: streams.keyOf("faults"),
    nowMs: engine.nowMs,
    onStrike: (fault) => {
      options.onFault(fault);
      observe({ type: "faultStruck", fault });
    },
  });
  const settings = createSettings(options.configuration, streams.stream("settings"));
  const [first, second] = REGIONS;
  const { symbols } = settings[first];
  const market = createSimulatedMarket(
    streams.keyOf("market"),
    symbols,
    startsAtMs,
    options.configuration === undefined ? "alerts" : "everything",
  );
  const exchange = createExchange({
    name: `simulation-${seed}`,
    startsAtMs,
    startingCash: STARTING_CASH,
    cancelLatencyMs: streams.stream("exchange").pick("cancel latency", [0, 50, 400]),
    journal: watchExchange(observe),
  });
  const brokerSide = createBrokerSide(exchange, engine);
  startPartialFills(exchange, faults, engine.nowMs, brokerSide.untraded);
  const isLosable = faults.isEnabled("ledger-lost");
  const isSealed =
    isLosable || faults.isEnabled("corrupt-cell") || faults.isEnabled("damaged-history");
  let invocations = 0;
  const shared: SharedWorld = {
    engine,
    streams,
    faults,
    observe,
    ledger: createLedgerStore(observe, {
      isSealed,
      account: settings[first].account,
      backedUpBy: isLosable ? engine : undefined,
    }),
    locked: createLockedBuckets(REGIONS, { engine, faults, observe }),
    telemetry: createTelemetryTable(REGIONS, engine, faults),
    brokerSide,
    vendorSide: createVendorSide(market, engine, faults),
    nextInvocation: () => (invocations += 1),
  };
  const regions = [
    createRegion(shared, settings[first]),
    createRegion(shared, settings[second]),
  ] as const;
  const view = viewOf(shared, regions, settings[first]);
  const whenNext: SimulatedWorld["whenNext"] = (isMet, act) => {
    awaited.push({ isMet, act });
  };
  const sign = (): Promise<void> => signSettings(shared, settings[first]);
  const verify = (): Promise<void> => verifyAudit(shared, settings[first].account);
  return { ...shared, market, regions, view, whenNext, sign, verifyAudit: verify };
};

/** Moves the market from its first step to its last: the exchange sees each quote as it is made. */
export const startMarket = (world: SimulatedWorld, untilMs: number): void => {
  const { engine, market, brokerSide } = world;
  const step = (): void => {
    const nowMs = engine.nowMs();
    market.step(nowMs);
    for (const { quote } of market.symbols) brokerSide.exchange.onQuote(quote, nowMs);
    const nextMs = nextStepMs(nowMs, MARKET_STEP_MS);
    if (nextMs <= untilMs) engine.at(nextMs, step);
  };
  engine.after(0, step);
};

const viewOf = (
  { engine, ledger, brokerSide, vendorSide }: SharedWorld,
  regions: readonly [Region, Region],
  settings: Settings,
): WorldView => ({
  get nowMs() {
    return engine.nowMs();
  },
  settings,
  cell: ledger.cell,
  eventsOf: ledger.eventsOf,
  clientOrderIds: ledger.clientOrderIds,
  exchange: brokerSide.exchange,
  shown: vendorSide.shown,
  regions: regions.map((region) => region.view),
});

/** Keeps nothing, and tells of every change in the order in which it took effect. */
const watchExchange = (observe: Observe): ExchangeJournal => {
  const known = new Map<string, Order>();
  return {
    load: () => undefined,
    commit: ({ orders, fills }) => {
      for (const order of orders) {
        const before = known.get(order.id);
        known.set(order.id, order);
        observe({ type: "brokerOrderChanged", before, order });
      }
      for (const fill of fills) observe({ type: "brokerFill", fill });
    },
  };
};
