import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { createMarketMinute, type MinuteCounts } from "../replay-minute.ts";
import { createReplayQueues, type ReplayWorld } from "../replay-world.ts";
import { type AccountProbe, createAccountProbe } from "./account-probe.ts";
import { type ChaosRegion, createChaosRegion, portsOfStandby } from "./chaos-region.ts";
import { createFaultSwitch, type FaultSwitch } from "./fault-switch.ts";
import { createAccountKeeper, type Failover } from "./keep-account.ts";
import type { ChaosFault, FaultWindow } from "./place-faults.ts";

/** A world under faults, minute by minute, and what was seen of it. */
export type ChaosMinute = {
  readonly live: (slotMs: number) => Promise<void>;
  readonly probe: AccountProbe;
  readonly faults: FaultSwitch;
  readonly failovers: () => readonly Failover[];
};

const STANDBY = "standby";
const MS_PER_MINUTE = 60_000;

/**
 * Lives a world's minutes with faults. Where a Region is to be lost there are two from the start,
 * each with its own functions, queues and telemetry on one ledger and one broker; without any
 * fault the minute is the plain replay's.
 */
export const createChaosMinute = (
  world: ReplayWorld,
  counts: MinuteCounts,
  planned: readonly ChaosFault[],
  seed: number,
): ChaosMinute => {
  const { clock, settings } = world;
  const faults = createFaultSwitch(planned, clock);
  const losses = createLosses(planned, faults, clock);
  const playMarket = createMarketMinute(world, counts);
  /** Filled once there are Regions: each of them says that it lives, whichever is at work. */
  const keepLeases: (() => Promise<void>)[] = [];
  const create = (name: string, chance: number): ChaosRegion =>
    createChaosRegion({
      world,
      counts,
      ports: name === STANDBY ? portsOfStandby(world, name, (seed + chance) >>> 0) : world.ports,
      queues: name === STANDBY ? createReplayQueues(clock) : world.queues,
      settings: { ...settings, region: name },
      faults: { faults, clock, random: createSeededRandom((seed + chance) >>> 0) },
      isLost: () => losses.sinceMs(name) !== undefined,
      atMoment: async () => {
        for (const keep of keepLeases) await keep();
      },
    });
  const hasStandby = faults.isPlanned("region-loss");
  const regions = [create(settings.region, 1), ...(hasStandby ? [create(STANDBY, 2)] : [])];
  const keepers = hasStandby
    ? regions.map((region) => [region.name, createAccountKeeper(region, losses.sinceMs)] as const)
    : [];
  for (const [name, keeper] of keepers) {
    keepLeases.push(async () => {
      if (losses.sinceMs(name) === undefined) await keeper.keep();
    });
  }
  const probe = createAccountProbe(world.exchange);
  return {
    live: async (slotMs) => {
      playMarket(slotMs);
      losses.foresee(slotMs + MS_PER_MINUTE, await activeRegionOf(world));
      for (const region of await inOrder(world, regions)) {
        if (losses.sinceMs(region.name) === undefined) await region.work(slotMs);
      }
      const active = await activeRegionOf(world);
      const shown = regions.find(
        ({ name }) => name === active && losses.sinceMs(name) === undefined,
      );
      probe.sample(slotMs, shown?.health());
    },
    probe,
    faults,
    failovers: () =>
      keepers
        .flatMap(([, keeper]) => keeper.failovers())
        .toSorted((left, right) => left.lostAtMs - right.lostAtMs),
  };
};

/** The Region that trades goes first, so that the other one's work is not in its way. */
const inOrder = async (
  world: ReplayWorld,
  regions: readonly ChaosRegion[],
): Promise<readonly ChaosRegion[]> => {
  const active = await activeRegionOf(world);
  return regions.toSorted((left, right) => rank(left, active) - rank(right, active));
};

const rank = ({ name }: ChaosRegion, active: string): number => (name === active ? 0 : 1);

/** Past every fault: where the account is. */
const activeRegionOf = async ({ ledger, settings }: ReplayWorld): Promise<string> => {
  const loaded = await ledger.loadCell(settings.account);
  return loaded.ok && loaded.value !== undefined ? loaded.value.activeRegion : settings.region;
};

/** Which Regions are lost, and since when (epoch ms). */
type Losses = {
  /** The Region that is active in a minute is the one that a loss before its end takes. */
  readonly foresee: (untilMs: number, active: string) => void;
  readonly sinceMs: (region: string) => number | undefined;
};

const createLosses = (
  planned: readonly ChaosFault[],
  faults: FaultSwitch,
  clock: ReplayWorld["clock"],
): Losses => {
  const windows = planned
    .filter(({ kind }) => kind === "region-loss")
    .flatMap((fault) => fault.windows);
  /** By the window: which Region it takes. */
  const taken = new Map<FaultWindow, string>();
  return {
    foresee: (untilMs, active) => {
      for (const window of windows) {
        if (window.fromMs >= untilMs || taken.has(window)) continue;
        taken.set(window, active);
        faults.strike("region-loss", window.fromMs);
      }
    },
    sinceMs: (region) => {
      const nowMs = clock.nowMs();
      const lost = [...taken].find(
        ([{ fromMs, untilMs }, name]) => name === region && nowMs >= fromMs && nowMs < untilMs,
      );
      return lost?.[0].fromMs;
    },
  };
};
