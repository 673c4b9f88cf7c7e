import { join } from "node:path";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHostPause } from "../../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../../shared/adapters/host/random.ts";
import { sha256 } from "../../../shared/adapters/host/digest.ts";
import { createLockedFiles } from "../../../shared/adapters/host/locked-files.ts";
import { createHostTimers } from "../../../shared/adapters/host/timers.ts";
import { createHttpClient, type HttpClient } from "../../../shared/adapters/http/http-client.ts";
import { openDatabase, type Database } from "../../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../../shared/adapters/sqlite/item-store.ts";
import { createStoredAuditHeads } from "../../../shared/adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../../shared/adapters/stored/audit-records.ts";
import type { ItemStore } from "../../../shared/adapters/stored/item-store.ts";
import { createStoredOrderSeals } from "../../../shared/adapters/stored/order-seals.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { describeFlaw } from "../../../shared/domain/audit/audit-flaw.ts";
import { CHAIN_START } from "../../../shared/domain/audit/audit-record.ts";
import { assert } from "../../../shared/domain/assert.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import type { Alert } from "../../../shared/ports/alerts.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { Ledger } from "../../../shared/ports/ledger.ts";
import type { Timers } from "../../../shared/ports/timers.ts";
import type { FailoverWish } from "../../../shared/domain/failover/failover-wish.ts";
import { createVerifyAudit } from "../../../shared/use-cases/audit/verify-audit.ts";
import type { Exchange } from "../../exchange/core/exchange.ts";
import type { OrderWitness } from "../../replay/order-witness.ts";
import { createMachinery, type Machinery } from "../../world/machinery.ts";
import { createWorldQueues } from "../../world/queues.ts";
import { createWorkflow } from "../../world/run-workflow.ts";
import { scaleTimeouts } from "../../world/scale-timeouts.ts";
import { startWorldExchange, type WorldExchange } from "../../world/start-exchange.ts";
import { openStateDirectory, type StateDirectory } from "../../world/state-directory.ts";
import { createWorldClock, type WorldClock } from "../../world/world-clock.ts";
import { calendarSessionAfter, firstMoment, firstSession } from "../../world/world-days.ts";
import type { WorldSeams } from "../../world/world-seams.ts";
import { DrillFault } from "../drill-world.ts";
import { createRegionGate, type RegionGate } from "./region-gate.ts";
import { createReplicas } from "./replicated-items.ts";
import { witnessSeams } from "../../world/witness-seams.ts";

/** The names of the two; the first one trades first. */
export const REGIONS = ["us-east-2", "us-west-2"] as const;

/** One of the two. */
export type RegionName = (typeof REGIONS)[number];

/** A Region of the drill's world. */
export type DrillRegion = { readonly gate: RegionGate; readonly machinery: Machinery };

/** Two Regions over one strong ledger and one broker, in this process. */
export type TwoRegions = {
  readonly exchange: Exchange;
  readonly ledger: Ledger;
  readonly regions: Readonly<Record<RegionName, DrillRegion>>;
  /** Everything that people were told, in either Region, in order. */
  readonly alerts: () => readonly Alert[];
  /** Runs the deployed failover workflow in the Region that takes over, to its end. */
  readonly failOver: (wish: FailoverWish & { readonly to: RegionName }) => Promise<unknown>;
  /** What does not hold of the audit that both wrote, each in one sentence. */
  readonly verifyAudit: () => Promise<readonly string[]>;
  /** The world's time, epoch ms. */
  readonly nowMs: () => number;
  readonly stop: () => Promise<void>;
};

/** What the world is made from. */
export type TwoRegionsOptions = {
  /** Their Region is replaced by each one's own. */
  readonly settings: Settings;
  /** An empty directory. */
  readonly directory: string;
  readonly seed: number;
  /** Market minutes a minute. */
  readonly speed: number;
  readonly witness: OrderWitness;
};

/** Telemetry of one Region is in the other after so long, the world's milliseconds. */
const REPLICATION_LAG_MS = 2_000;
const WAIT_FOR_CLEAN_MS = 10_000;
const FAILOVER = new URL("../../../lib/workflows/failover.asl.json", import.meta.url);

/**
 * Starts both Regions: one strong ledger in one SQLite file; queues, schedules, functions and
 * telemetry of their own; telemetry replicates late. Throws `DrillFault`.
 */
export const startTwoRegions = async (options: TwoRegionsOptions): Promise<TwoRegions> => {
  const { directory, speed } = options;
  const host = createHostClock();
  const opened = openStateDirectory({ path: directory, isFresh: false, hostMs: host.nowMs() });
  if (!opened.ok) throw new DrillFault(opened.error.sentence);
  const state = opened.value;
  const startsAtMs = firstMoment(firstSession(host.nowMs()));
  const clock = createWorldClock({ host, keeper: NOT_KEPT, startsAtMs, speed });
  const base = { ...options, host, state, clock, timers: createHostTimers() };
  const broker = await startBroker(base);
  const ledgerItems = createSqliteItemStore(state.store, clock);
  const stores = [openStore(directory, REGIONS[0]), openStore(directory, REGIONS[1])] as const;
  const replicas = createReplicas(
    [createSqliteItemStore(stores[0], clock), createSqliteItemStore(stores[1], clock)],
    { timers: base.timers, lagMs: REPLICATION_LAG_MS / speed },
  );
  const http = createHttpClient({ clock: host });
  const alerts: Alert[] = [];
  const shared = { ...base, broker, ledgerItems, http, hear: (alert: Alert) => alerts.push(alert) };
  const regions: TwoRegions["regions"] = {
    "us-east-2": createRegion(shared, {
      name: "us-east-2",
      store: stores[0],
      telemetry: replicas.stores[0],
    }),
    "us-west-2": createRegion(shared, {
      name: "us-west-2",
      store: stores[1],
      telemetry: replicas.stores[1],
    }),
  };
  for (const name of REGIONS) await regions[name].machinery.start();
  return {
    exchange: broker.exchange,
    ledger: createStoredLedger(ledgerItems),
    regions,
    alerts: () => alerts,
    failOver: (wish) =>
      createWorkflow(
        FAILOVER,
        { FailOver: regions[wish.to].machinery.failOver },
        { WaitForClean: WAIT_FOR_CLEAN_MS / speed },
      )({ wish }),
    verifyAudit: () => verifyAudit(options, ledgerItems),
    nowMs: clock.nowMs,
    stop: async () => {
      for (const name of REGIONS) regions[name].gate.set("gone");
      for (const name of REGIONS) await regions[name].machinery.stop();
      replicas.close();
      http.close();
      await broker.close();
      clock.stop();
      for (const store of [...stores, state.store]) store.close();
    },
  };
};

type Base = TwoRegionsOptions & {
  readonly host: Clock;
  readonly timers: Timers;
  readonly clock: WorldClock;
  readonly state: StateDirectory;
};

type DrillBroker = WorldExchange & { readonly exchange: Exchange; readonly seams: WorldSeams };

/** The one broker of both Regions, with the witness on its journal. */
const startBroker = async ({
  witness,
  seed,
  settings,
  clock,
  state,
}: Base): Promise<DrillBroker> => {
  let exchange: Exchange | undefined;
  const seams: WorldSeams = {
    ...witnessSeams(witness),
    onExchange: (opening) => {
      exchange = opening;
    },
  };
  const started = await startWorldExchange({
    journalFile: state.exchangeFile,
    clock,
    random: createHostRandom(),
    seed,
    symbols: settings.symbols,
    recorded: undefined,
    seams,
    onFault: () => undefined,
  });
  if (!started.ok) throw new DrillFault(started.error.sentence);
  assert(exchange !== undefined, "A world that runs has an exchange.");
  return { ...started.value, exchange, seams };
};

type Shared = Base & {
  readonly broker: DrillBroker;
  readonly ledgerItems: ItemStore;
  readonly http: HttpClient;
  readonly hear: (alert: Alert) => void;
};

/** Everything that one Region has of its own, behind its gate. */
const createRegion = (
  { settings, state, speed, clock, host, timers, broker, ledgerItems, http, hear }: Shared,
  own: { readonly name: RegionName; readonly store: Database; readonly telemetry: ItemStore },
): DrillRegion => {
  const gate = createRegionGate();
  const guarded = gate.guardHttp(http);
  const pause = createHostPause();
  const machinery = createMachinery({
    settings: { ...settings, region: own.name },
    // Both sign with one key, as they share it when deployed.
    state: { ...state, store: own.store },
    random: createHostRandom(),
    pause: { wait: (ms) => pause.wait(ms / speed) },
    host,
    timers,
    sessionAfter: calendarSessionAfter,
    seams: broker.seams,
    clock,
    vendors: broker.vendors,
    http: scaleTimeouts(guarded, speed),
    vendorHttp: guarded,
    queues: gate.guardQueues(createWorldQueues(own.store, clock)),
    regionItems: {
      ledger: gate.guardLedger(ledgerItems),
      telemetry: gate.guardTelemetry(own.telemetry),
    },
    tell: (event) => {
      if (event.type === "alert") hear(event.alert);
    },
    // A Region that is down fails at everything: that is the drill.
    onFailure: () => undefined,
  });
  return { gate, machinery };
};

/** Verifies with both locked stores at hand, and the histories in the ledger. */
const verifyAudit = async (
  { directory, settings }: TwoRegionsOptions,
  ledgerItems: ItemStore,
): Promise<readonly string[]> => {
  const storeOf = (name: RegionName) => createLockedFiles(join(directory, `locked-${name}`));
  const [own, copies] = [storeOf(REGIONS[0]), storeOf(REGIONS[1])];
  const verify = createVerifyAudit({
    heads: createStoredAuditHeads(ledgerItems),
    records: createStoredAuditRecords({ account: settings.account, own, copies }),
    seals: createStoredOrderSeals(ledgerItems),
    digest: sha256,
    settings,
  });
  const { flaws, headSequence } = await verify(CHAIN_START, RECORDS_MAX);
  return headSequence === 0 ? ["The audit has no record."] : flaws.map(describeFlaw);
};

/** More than a drill writes. */
const RECORDS_MAX = 100_000;

/** The world of a drill begins anew each time. */
const NOT_KEPT = { load: () => undefined, save: () => undefined };

const openStore = (directory: string, region: RegionName): Database => {
  const opened = openDatabase(join(directory, `${region}.db`));
  if (!opened.ok) throw new DrillFault(opened.error.detail);
  return opened.value;
};
