import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { createSqliteItemStore } from "../../shared/adapters/sqlite/item-store.ts";
import { createStoredBreakerRecords } from "../../shared/adapters/stored/breaker-records.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { assert } from "../../shared/domain/assert.ts";
import type { Failure } from "../../shared/domain/chaos/chaos-mode.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { BreakerRecords } from "../../shared/ports/breaker-records.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { Exchange } from "../exchange/core/exchange.ts";
import type { FaultControl } from "../exchange/faults/fault-control.ts";
import type { MarketFeed } from "../exchange/prices/market-feed.ts";
import type { OperatorTokens } from "../world/operator-tokens.ts";
import { openStateDirectory } from "../world/state-directory.ts";
import { createHostTimers } from "../../shared/adapters/host/timers.ts";
import { calendarSessionAfter, firstSession } from "../world/world-days.ts";
import type { TellEvent } from "../world/world-event.ts";
import { readWorldFile } from "../world/world-file.ts";
import type { WorldSeams } from "../world/world-seams.ts";
import { startWorld } from "../world/world.ts";

/** A drill cannot run its world; the sentence says why. */
export class DrillFault extends Error {
  override readonly name = "DrillFault";
}

/** What a drill's world is made from. */
export type DrillWorldOptions = {
  readonly settings: Settings;
  /** The state directory; one that was used before goes on. */
  readonly directory: string;
  readonly seed: number;
  /** Market minutes a minute. */
  readonly speed: number;
  /**
   * Writes are left to the operating system, which outlives a killed process but no power cut. Each
   * flush stops this process, exchange and all, for milliseconds: a drill of latencies does
   * without.
   */
  readonly isUnflushed?: boolean;
  readonly seams?: Partial<Omit<WorldSeams, "onExchange">>;
  readonly tell?: TellEvent;
};

/** A local world in this process, with its exchange's book and its ledger open to be looked at. */
export type DrillWorld = {
  readonly exchange: Exchange;
  readonly faults: FaultControl;
  /** What every price is made from: the truth. */
  readonly feed: MarketFeed;
  readonly ledger: Ledger;
  /** The breakers as the functions share them. */
  readonly breakers: BreakerRecords;
  /** Where its page and its API are, and who may change something. */
  readonly url: string;
  readonly tokens: OperatorTokens;
  /** How often each failure that was caused on purpose was met. */
  readonly struck: () => Readonly<Partial<Record<Failure, number>>>;
  /** The world's time, epoch ms. */
  readonly nowMs: () => number;
  readonly stop: () => Promise<void>;
};

/** Starts a local world as `start` does, in a directory of its own. Throws `DrillFault`. */
export const startDrillWorld = async (options: DrillWorldOptions): Promise<DrillWorld> => {
  const { settings, directory: path, seed, speed } = options;
  const host = createHostClock();
  const pause = createHostPause();
  const opened = openStateDirectory({ path, isFresh: false, hostMs: host.nowMs() });
  if (!opened.ok) throw new DrillFault(opened.error.sentence);
  const state = opened.value;
  if (options.isUnflushed === true) state.store.statement("PRAGMA synchronous = OFF").run();
  let inside: Pick<DrillWorld, "exchange" | "faults" | "feed"> | undefined;
  try {
    const record = readWorldFile(state.worldFile);
    if (!record.ok) throw new DrillFault(record.error.sentence);
    const started = await startWorld({
      settings,
      state,
      record: record.value,
      seed,
      data: undefined,
      marketSymbols: settings.symbols,
      firstSession: firstSession(host.nowMs()),
      sessionAfter: calendarSessionAfter,
      speed,
      port: 0,
      host,
      timers: createHostTimers(),
      random: createHostRandom(),
      pause: { wait: (ms) => pause.wait(ms / speed) },
      tell: options.tell ?? (() => undefined),
      seams: {
        watchLedger: options.seams?.watchLedger ?? ((ledger) => ledger),
        watchJournal: options.seams?.watchJournal ?? ((journal) => journal),
        reachVendors: options.seams?.reachVendors,
        watchMarketData: options.seams?.watchMarketData,
        watchQuotes: options.seams?.watchQuotes,
        watchTelemetry: options.seams?.watchTelemetry,
        onExchange: (exchange, faults, feed) => {
          inside = { exchange, faults, feed };
        },
      },
    });
    if (!started.ok) throw new DrillFault(started.error.sentence);
    assert(inside !== undefined, "A world that runs has an exchange.");
    const { stop, nowMs, url, tokens, chaos } = started.value;
    const struck = () => chaos?.control.struck() ?? {};
    const items = createSqliteItemStore(state.store, host);
    const ledger = createStoredLedger(items);
    const breakers = createStoredBreakerRecords(items, { region: settings.region });
    const reached = { ledger, breakers, nowMs, url, tokens, struck };
    return { ...inside, ...reached, stop: async () => void (await stop()) };
  } catch (error) {
    state.store.close();
    throw error;
  }
};
