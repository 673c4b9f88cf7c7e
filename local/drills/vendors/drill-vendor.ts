import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHostTimers } from "../../../shared/adapters/host/timers.ts";
import type { DataMode } from "../../../shared/domain/market/data-mode.ts";
import { isConfirmed } from "../../../shared/domain/market/quote.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import { createOrderWitness } from "../../replay/order-witness.ts";
import type { WorldEvent } from "../../world/world-event.ts";
import { ownOrders } from "../compare-ledger.ts";
import { startDrillWorld, type DrillWorld } from "../drill-world.ts";
import { waitUntil } from "../wait-until.ts";
import { moveMarket } from "./move-market.ts";
import { measureRow, type VendorRow } from "./measure-row.ts";
import { createVendorDoors, type VendorDoors } from "./vendor-doors.ts";
import type { VendorPlan } from "./vendor-plans.ts";
import { watchStalls } from "./watch-stalls.ts";
import { createVendorWatch, isLost, type VendorWatch } from "./watch-vendors.ts";
import { witnessSeams } from "../../world/witness-seams.ts";

/** Where and how a row is run. */
export type VendorRowOptions = {
  readonly settings: Settings;
  /** An empty directory. */
  readonly directory: string;
  readonly seed: number;
  readonly speed: number;
  /** How long it is traded under the fault, the world's seconds. */
  readonly seconds: number;
  readonly stopped: AbortSignal;
};

/** A row's world while it runs. */
export type VendorScene = {
  readonly plan: VendorPlan;
  readonly world: DrillWorld;
  readonly watch: VendorWatch;
  readonly doors: VendorDoors;
  /** Data modes of the cycles under the fault. */
  readonly modes: DataMode[];
};

const MINUTE_MS = 60_000;
/** Trading before the fault: latencies are known, connections stand, something is held. */
const CALM_MS = 3 * MINUTE_MS;
const PHASE_MAX_MS = 60 * MINUTE_MS;
/** A machine that is busy may take long; but something has to be there to be judged. */
const RECOVERY_MAX_MS = 40 * MINUTE_MS;

/** Trades in a new world, calm first, then under the fault, then without it, and measures. */
export const drillVendor = async (
  plan: VendorPlan,
  options: VendorRowOptions,
): Promise<VendorRow> => {
  const settings = settingsOf(plan, options);
  const witness = createOrderWitness({ add: () => undefined });
  const doors = createVendorDoors();
  const host = createHostClock();
  const modes: DataMode[] = [];
  const driven = { clock: host, timers: createHostTimers() };
  const stalls = watchStalls(driven);
  let stillMarket: (() => void) | undefined;
  // The watch looks at the clock of a world that starts after it.
  let world: DrillWorld | undefined = undefined;
  const watch = createVendorWatch({
    nowMs: () => world?.nowMs() ?? 0,
    hostMs: host.monotonicMs,
    stalledMs: stalls.stalledMs,
  });
  world = await startDrillWorld({
    ...options,
    settings,
    isUnflushed: true,
    tell: (event) => noteMode(modes, event),
    seams: {
      ...witnessSeams(witness),
      reachVendors: async (vendors) => {
        stillMarket = moveMarket(vendors.brokerUrl, driven);
        return doors.reach(vendors);
      },
      watchMarketData: watch.watchMarketData,
      watchQuotes: watch.watchQuotes,
    },
  });
  try {
    const scene = { plan, world, watch, doors, modes };
    const times = await runPhases(scene, { ...options, settings });
    return measureRow(scene, times, { settings, orders: witness.findFaults() });
  } finally {
    stillMarket?.();
    stalls.stop();
    await world.stop();
    await doors.close();
  }
};

/**
 * The disturbed vendor is asked first. The quotas are of real minutes, of which a fast world has
 * too few; they are as large as if its minutes were real.
 */
const settingsOf = (plan: VendorPlan, { settings, speed }: VendorRowOptions): Settings => {
  const { marketData } = settings;
  const [first] = plan.vendors;
  const scaled = Object.entries(marketData.requestsPerMinute).map(([vendor, requests]) => [
    vendor,
    requests * speed,
  ]);
  return {
    ...settings,
    symbols: settings.symbols.slice(0, SYMBOLS),
    flags: plan.isAskedAlways
      ? { ...settings.flags, vendorScores: { ...settings.flags.vendorScores, percent: 0 } }
      : settings.flags,
    marketData: {
      ...marketData,
      vendors: [first, ...marketData.vendors.filter((vendor) => vendor !== first)],
      requestsPerMinute: Object.fromEntries(scaled) as typeof marketData.requestsPerMinute,
    },
  };
};

/** Enough to trade with; exchange and functions share this process, and what they measure. */
const SYMBOLS = 6;

const noteMode = (modes: DataMode[], event: WorldEvent): void => {
  if (event.type === "cycle" && event.dataMode !== null) modes.push(event.dataMode as DataMode);
};

/** When what happened, the world's time in epoch ms. */
export type PhaseTimes = {
  readonly armedAtMs: number;
  readonly healedAtMs: number;
  /** Until when the vendors' breakers were open when the fault was over; 0 where none was. */
  readonly openUntilMs: number;
  /** All symbols had quotes that an entry may rest on; null if never again. */
  readonly usableAtMs: number | null;
  /** The disturbed vendors answered again and their breakers were closed; null if never. */
  readonly wellAtMs: number | null;
  readonly strikesAtArming: Readonly<Partial<Record<string, number>>>;
};

const runPhases = async (
  scene: VendorScene,
  { seconds, stopped, settings }: VendorRowOptions,
): Promise<PhaseTimes> => {
  const { world, watch, modes } = scene;
  const wait = (leastMs: number, mostMs: number, isThere: () => boolean | Promise<boolean>) => {
    const beganAtMs = world.nowMs();
    return waitUntil(world, {
      untilMs: beganAtMs + mostMs,
      stopped,
      isThere: () => world.nowMs() >= beganAtMs + leastMs && isThere(),
    });
  };
  await wait(CALM_MS, PHASE_MAX_MS, () => ownOrders(world.exchange).length > 0);
  const strikesAtArming = world.faults.counts();
  modes.length = 0;
  const armedAtMs = world.nowMs();
  await arm(scene);
  await wait(seconds * 1_000, PHASE_MAX_MS, () => watch.polls().length > 0);
  await disarm(scene);
  const healedAtMs = world.nowMs();
  const openUntilMs = await longestOpen(scene);
  let usableAtMs: number | null = null;
  await wait(0, RECOVERY_MAX_MS, async () => {
    usableAtMs ??= isUsable(watch, settings, healedAtMs) ? world.nowMs() : null;
    return usableAtMs !== null && (await isWell(scene, healedAtMs));
  });
  const wellAtMs = (await isWell(scene, healedAtMs)) ? world.nowMs() : null;
  return { armedAtMs, healedAtMs, openUntilMs, usableAtMs, wellAtMs, strikesAtArming };
};

const arm = async ({ plan, world, doors }: VendorScene): Promise<void> => {
  for (const fault of plan.faults) world.faults.arm(fault);
  if (plan.isShut) await Promise.all(plan.vendors.map(doors.shut));
};

const disarm = async ({ plan, world, doors }: VendorScene): Promise<void> => {
  world.faults.disarmAll();
  if (plan.isShut) await Promise.all(plan.vendors.map(doors.reopen));
};

const breakersOf = async ({ plan, world }: VendorScene) =>
  (await world.breakers.list()).filter(({ name }) =>
    plan.vendors.some((vendor) => name.startsWith(`${vendor}.snapshots`)),
  );

const longestOpen = async (scene: VendorScene): Promise<number> => {
  const records = await breakersOf(scene);
  return Math.max(
    0,
    ...records.map(({ breaker }) => (breaker.state === "open" ? breaker.untilMs : 0)),
  );
};

const isUsable = (watch: VendorWatch, settings: Settings, sinceMs: number): boolean => {
  const fresh = new Set(
    watch
      .quotes()
      .filter(({ atMs, quote }) => atMs > sinceMs && isConfirmed(quote))
      .map(({ quote }) => quote.symbol),
  );
  return settings.symbols.every((symbol) => fresh.has(symbol));
};

/** Where all were gone, two that are back are enough: the others are not asked for the moment. */
const isWell = async (scene: VendorScene, sinceMs: number): Promise<boolean> => {
  const { plan, watch } = scene;
  const records = await breakersOf(scene);
  const polls = watch.polls().filter(({ atMs }) => atMs > sinceMs);
  const well = plan.vendors.filter(
    (vendor) =>
      records.every(
        ({ name, breaker }) => !name.startsWith(`${vendor}.`) || breaker.state === "closed",
      ) &&
      polls.some(({ reports }) =>
        reports.some((one) => one.vendor === vendor && one.outcome.type === "answered"),
      ),
  );
  const lately = polls.slice(-1);
  const isQuiet = lately.every((poll) => plan.vendors.every((vendor) => !isLost(poll, vendor)));
  return isQuiet && well.length >= Math.min(plan.vendors.length, 2);
};
