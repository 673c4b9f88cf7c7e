import type { SystemLevel } from "../../shared/domain/health/system-health.ts";
import { createHttpClient } from "../../shared/adapters/http/http-client.ts";
import { BETWEEN_POLLS } from "../../shared/adapters/http/keep-connections.ts";
import type { Session } from "../../shared/domain/market/calendar.ts";
import type { TradingMode } from "../../shared/domain/risk/control-cell.ts";
import { chaosWorldOf, type Failure } from "../../shared/domain/chaos/chaos-mode.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Pause } from "../../shared/ports/pause.ts";
import type { Random } from "../../shared/ports/random.ts";
import type { RecordedDays } from "../recorded-days/recorded-day.ts";
import type { LocalChaos } from "../chaos/local-chaos.ts";
import { buildPage } from "./page-files.ts";
import { startWorldServer, type WorldServer } from "./http-server.ts";
import { createOperatorTokens, writeTokensFile, type OperatorTokens } from "./operator-tokens.ts";
import { createMachinery, type Machinery } from "./machinery.ts";
import { createWorldQueues } from "./queues.ts";
import { scaleTimeouts } from "./scale-timeouts.ts";
import { startWorldExchange } from "./start-exchange.ts";
import type { StateDirectory } from "./state-directory.ts";
import type { ScheduleCounts } from "./scheduler.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import { createWorldClock, type WorldClock } from "./world-clock.ts";
import { firstMoment } from "./world-days.ts";
import type { TellEvent } from "./world-event.ts";
import type { WorldSeams } from "./world-seams.ts";
import { createRealClock, type WorldVendors } from "./world-vendors.ts";
import { writeWorldFile, type WorldRecord } from "./world-file.ts";

/** Everything that a local world is made of. */
export type WorldOptions = {
  readonly settings: Settings;
  readonly state: StateDirectory;
  /** What the state says of the world; its time is where the clock goes on. */
  readonly record: WorldRecord | undefined;
  readonly seed: number;
  readonly data: { readonly path: string; readonly recorded: RecordedDays } | undefined;
  /** Everything that the market quotes: what is traded, and what was in this world before. */
  readonly marketSymbols: readonly Ticker[];
  /** The session in which a new world begins. */
  readonly firstSession: Session;
  /** The session that follows a moment; `undefined` after the last recorded day. */
  readonly sessionAfter: (nowMs: number) => Session | undefined;
  readonly speed: number;
  readonly port: number;
  readonly host: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Waits in the world's time. */
  readonly pause: Pause;
  readonly tell: TellEvent;
  readonly seams?: WorldSeams;
  /** Broken on purpose from the start; a live world refuses it. */
  readonly failure?: Failure | undefined;
  /** Real vendors in place of the simulated exchange; time is then the host's. */
  readonly vendors?: WorldVendors | undefined;
};

/** How a world stood when it was stopped. */
export type WorldEnd = {
  readonly level: SystemLevel | null;
  readonly tradingMode: TradingMode | null;
  readonly schedules: Readonly<Record<string, ScheduleCounts>>;
  /** The world's time, epoch ms. */
  readonly atMs: number;
};

/** A local world that runs. */
export type World = {
  /** The page's address. */
  readonly url: string;
  /** Whoever changes something needs one; also in a file of the state, for this user alone. */
  readonly tokens: OperatorTokens;
  /** Absent where nothing may be broken on purpose. */
  readonly chaos: LocalChaos | undefined;
  readonly nowMs: () => number;
  /** Finishes what is at work, closes everything, and says how it stood. */
  readonly stop: () => Promise<WorldEnd>;
};

/** The world cannot start; the sentence says why and what to do. */
export type WorldRefused = { readonly sentence: string };

/** Brings up exchange, store, queues, schedules, functions, API and page, in that order. */
export const startWorld = async (options: WorldOptions): Promise<Result<World, WorldRefused>> => {
  const { state, host, random, speed, tell } = options;
  const files = await buildPage();
  const clock =
    options.vendors === undefined
      ? createWorldClock({
          host,
          speed,
          startsAtMs: firstMoment(options.firstSession),
          keeper: createTimeKeeper(options),
        })
      : createRealClock(host);
  const fail = (name: string, error: unknown): void =>
    tell({
      type: "fault",
      atMs: clock.nowMs(),
      isPassing: error instanceof RetryableError,
      name,
      detail: describe(error),
    });
  const exchange = await reachVendors(options, clock, (cause) => fail("exchange", cause));
  if (!exchange.ok) return err(exchange.error);
  const http = createHttpClient({ clock: host });
  const vendorHttp = createHttpClient({ clock: host }, BETWEEN_POLLS);
  const closeAll = async (): Promise<void> => {
    http.close();
    vendorHttp.close();
    await exchange.value.close();
    clock.stop();
    state.store.close();
  };
  try {
    const machinery = createMachinery({
      ...options,
      clock,
      vendors: exchange.value.vendors,
      http: scaleTimeouts(http, speed),
      vendorHttp,
      queues: createWorldQueues(state.store, clock),
      onFailure: fail,
    });
    const { port } = options;
    const { answerApi } = machinery;
    const tokens = createOperatorTokens(random);
    const { mode } = options.settings;
    const served = { port, mode, files, answerApi, tokens, nowMs: clock.nowMs, onFailure: fail };
    const server = await startWorldServer(served);
    if (!server.ok) {
      await closeAll();
      return server;
    }
    writeTokensFile(state.path, tokens);
    await machinery.start();
    const broken = await breakFirst(options, machinery);
    if (!broken.ok) {
      await machinery.stop();
      await server.value.close();
      await closeAll();
      return broken;
    }
    const running = runningWorld(server.value, machinery, clock, closeAll);
    return ok({ ...running, tokens });
  } catch (error) {
    await closeAll();
    throw error;
  }
};

/** What CHAOS_MODE asked for. */
const breakFirst = async (
  { failure, settings }: WorldOptions,
  { chaos }: Machinery,
): Promise<Result<void, WorldRefused>> => {
  if (failure === undefined) return ok(undefined);
  const world = chaosWorldOf(settings.mode);
  if (!world.ok || chaos === undefined) {
    return err({ sentence: world.ok ? "Nothing may be broken here." : world.error.sentence });
  }
  await chaos.breakFirst(failure);
  return ok(undefined);
};

/** The vendors that are given, or a simulated exchange that plays them all. */
const reachVendors = async (
  options: WorldOptions,
  clock: WorldClock,
  onFault: (cause: unknown) => void,
): ReturnType<typeof startWorldExchange> => {
  if (options.vendors !== undefined) {
    return ok({ vendors: options.vendors, close: async () => undefined });
  }
  const started = await startWorldExchange({
    journalFile: options.state.exchangeFile,
    clock,
    random: options.random,
    seed: options.seed,
    symbols: options.marketSymbols,
    recorded: options.data?.recorded,
    seams: options.seams,
    onFault,
  });
  const reach = options.seams?.reachVendors;
  if (!started.ok || reach === undefined) return started;
  return ok({ ...started.value, vendors: await reach(started.value.vendors) });
};

const runningWorld = (
  server: WorldServer,
  machinery: Machinery,
  clock: WorldClock,
  closeAll: () => Promise<void>,
): Omit<World, "tokens"> => ({
  url: server.url,
  chaos: machinery.chaos,
  nowMs: clock.nowMs,
  stop: async () => {
    await machinery.stop();
    const end = { ...(await machinery.end()), atMs: clock.nowMs() };
    await server.close();
    await closeAll();
    return end;
  },
});

const createTimeKeeper = ({ state, record, seed, data, marketSymbols }: WorldOptions) => ({
  load: () => record?.timeMs,
  save: (timeMs: number) => {
    const world = { version: 1, seed, data: data?.path ?? null, symbols: marketSymbols } as const;
    writeWorldFile(state.worldFile, { ...world, timeMs });
  },
});

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
