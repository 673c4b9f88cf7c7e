import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { sessionOf, type Session } from "../../shared/domain/market/calendar.ts";
import { epochMsToNewYork } from "../../shared/domain/market/new-york-time.ts";
import type { Mode } from "../../shared/domain/settings.ts";
import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
import { openStateDirectory, type StateDirectory } from "../../local/world/state-directory.ts";
import { createHostTimers } from "../../shared/adapters/host/timers.ts";
import { calendarSessionAfter, firstSession } from "../../local/world/world-days.ts";
import { readWorldFile, type WorldRecord } from "../../local/world/world-file.ts";
import {
  startWorld,
  type World,
  type WorldEnd,
  type WorldOptions,
} from "../../local/world/world.ts";
import type { Configuration } from "../../shared/runtime/configuration-schema.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { exitCodeOf } from "../reports/exit-code.ts";
import { usageFault, VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { createProgress, type Progress } from "./progress.ts";
import { confirmLive, readMode } from "./real-vendors.ts";
import { readChaos } from "./read-chaos.ts";
import { readStart, type StartRequest } from "./read-start.ts";

const SEED_DEFAULT = 1;

/** Runs the local world until it is stopped or its time is over; the code says how it stood. */
export const runStart = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const { mode, vendors } = readMode(input, context);
  const request = readStart(input, mode);
  const chaos = readChaos(context.environment, mode);
  const configuration = requireConfiguration(request.config, context.environment);
  if (mode === "live") await confirmLive(input, context, configuration);
  const host = createHostClock();
  const opened = openStateDirectory({
    path: request.state,
    isFresh: request.isFresh,
    hostMs: host.nowMs(),
  });
  if (!opened.ok) throw new VerbFault(opened.error.sentence);
  const state = opened.value;
  try {
    const record = readRecord(state);
    keepModesApart(state, mode, record);
    const timers = createHostTimers();
    const pause = createHostPause();
    const progress = createProgress({ context, isJson: input.isJson, timers, host, mode });
    const options = {
      ...worldOf(request, mode, configuration, record, host.nowMs()),
      vendors,
      state,
      record,
      speed: request.speed,
      port: request.port,
      host,
      timers,
      random: createHostRandom(),
      pause: { wait: (ms: number) => pause.wait(ms / request.speed) },
      tell: progress.tell,
      failure: chaos === "off" ? undefined : chaos,
    };
    progress.starting({ ...options, forMs: request.forMs });
    const started = await startWorld(options);
    if (!started.ok) throw new VerbFault(started.error.sentence);
    const end = await runUntilOver(started.value, request, context, progress);
    // A run that ended before its health was derived has not shown that it is well.
    return exitCodeOf(end.level ?? "DEGRADED", end.tradingMode ?? undefined);
  } finally {
    state.store.close();
  }
};

/** Waits for a signal or for the end of the time that was asked for, then stops in good order. */
const runUntilOver = async (
  world: World,
  { forMs }: StartRequest,
  { stopped }: VerbContext,
  progress: Progress,
): Promise<WorldEnd> => {
  progress.ready(world);
  const { after } = createHostTimers();
  const why = await new Promise<"signal" | "time">((resolve) => {
    if (stopped.aborted) resolve("signal");
    stopped.addEventListener("abort", () => resolve("signal"), { once: true });
    if (forMs !== undefined) after(forMs, () => resolve("time"));
  });
  progress.stopping(why);
  const end = await world.stop();
  progress.stopped(end);
  return end;
};

/** A ledger of play money must never be taken for another mode's, nor the other way round. */
const keepModesApart = (
  state: StateDirectory,
  mode: Mode,
  record: WorldRecord | undefined,
): void => {
  const file = join(state.path, "mode");
  const kept = existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  const owner = kept ?? (record === undefined ? undefined : "sim");
  if (owner !== undefined && owner !== mode) {
    throw usageFault(
      `The state in ${state.path} belongs to mode ${owner}, not ${mode}; ` +
        "name another directory with --state DIR.",
    );
  }
  if (mode !== "sim" && kept === undefined) writeFileSync(file, `${mode}\n`);
};

const readRecord = (state: StateDirectory): WorldRecord | undefined => {
  const read = readWorldFile(state.worldFile);
  if (!read.ok) throw new VerbFault(read.error.sentence);
  return read.value;
};

/** The market that the world plays: the one that its state was made with, or a new one. */
const worldOf = (
  request: StartRequest,
  mode: Mode,
  configuration: Configuration,
  record: WorldRecord | undefined,
  hostMs: number,
): Pick<
  WorldOptions,
  "settings" | "seed" | "data" | "marketSymbols" | "firstSession" | "sessionAfter"
> => {
  const { data } = request;
  const dataPath = data?.path ?? null;
  if (record !== undefined && record.data !== dataPath) throw otherMarket(request, record.data);
  if (record !== undefined && request.seed !== undefined && record.seed !== request.seed) {
    throw usageFault(
      `The state in ${request.state} was made with --seed ${record.seed}; ` +
        "use that, begin anew with --fresh, or name another directory with --state DIR.",
    );
  }
  const symbols = request.symbols ?? data?.recorded.symbols ?? configuration.symbols;
  const sessions = data?.recorded.days.map(({ date }) => sessionOf(date)) ?? [];
  const recorded = sessions.filter((session) => session !== undefined);
  return {
    settings: toSettings({ ...configuration, symbols: [...symbols] }, { mode, region: "local" }),
    seed: request.seed ?? record?.seed ?? SEED_DEFAULT,
    data,
    marketSymbols: [...new Set([...symbols, ...knownSymbols(record)])],
    firstSession: recorded[0] ?? firstSession(hostMs),
    sessionAfter: data === undefined ? calendarSessionAfter : recordedSessionAfter(recorded),
  };
};

const otherMarket = (request: StartRequest, data: string | null): VerbFault =>
  usageFault(
    `The state in ${request.state} belongs to ` +
      `${data === null ? "the simulated market; start without --data" : `the recorded days in ${data}; use those`}, ` +
      "begin anew with --fresh, or name another directory with --state DIR.",
  );

const knownSymbols = (record: WorldRecord | undefined): readonly Ticker[] =>
  (record?.symbols ?? []).flatMap((text) => parseTicker(text) ?? []);

const recordedSessionAfter =
  (sessions: readonly Session[]) =>
  (nowMs: number): Session | undefined => {
    const { date } = epochMsToNewYork(nowMs);
    return sessions.find((session) => session.date > date);
  };
