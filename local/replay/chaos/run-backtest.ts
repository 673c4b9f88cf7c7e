import { assert } from "../../../shared/domain/assert.ts";
import { replayRecording, type ReplayInput } from "../replay-recording.ts";
import type { ReplayResult } from "../replay-result.ts";
import type { AccountHistory } from "./account-probe.ts";
import { type ChaosMinute, createChaosMinute } from "./chaos-minute.ts";
import type { Failover } from "./keep-account.ts";
import type { ChaosFault } from "./place-faults.ts";

/** One life of the recorded days. */
export type ChaosRun = {
  readonly result: ReplayResult;
  readonly history: AccountHistory;
  readonly failovers: readonly Failover[];
  /** How often each fault was felt, by the fault as it was written. */
  readonly struck: Readonly<Record<string, number>>;
};

/** The recorded days without faults, with all of them, and with each of them alone. */
export type ChaosBacktest = {
  readonly faults: readonly ChaosFault[];
  readonly without: ChaosRun;
  readonly with: ChaosRun;
  /** In the order of `faults`: what each costs by itself, without the others beside it. */
  readonly alone: readonly ChaosRun[];
};

/** What a backtest is given, beside the recording: the faults, and whoever watches its progress. */
export type ChaosBacktestInput = {
  readonly replay: Omit<ReplayInput, "createMinute">;
  readonly faults: readonly ChaosFault[];
  /** Called before each run with its number from 1, and how many there are. */
  readonly onRun?: (run: number, runs: number) => void;
};

/**
 * Runs the recorded days once for each of these, all from one seed, so that what differs is what
 * the faults have done. A single fault is run alone by being run at all.
 */
export const runChaosBacktest = async (input: ChaosBacktestInput): Promise<ChaosBacktest> => {
  const { faults } = input;
  const isSingle = faults.length === 1;
  const runs = isSingle ? 2 : 2 + faults.length;
  let run = 0;
  const next = (planned: readonly ChaosFault[]): Promise<ChaosRun> => {
    run += 1;
    input.onRun?.(run, runs);
    return runWith(input.replay, planned);
  };
  const without = await next([]);
  const together = await next(faults);
  if (isSingle) return { faults, without, with: together, alone: [together] };
  const alone: ChaosRun[] = [];
  for (const fault of faults) alone.push(await next([fault]));
  return { faults, without, with: together, alone };
};

const runWith = async (
  replay: ChaosBacktestInput["replay"],
  planned: readonly ChaosFault[],
): Promise<ChaosRun> => {
  let minute: ChaosMinute | undefined;
  const result = await replayRecording({
    ...replay,
    createMinute: (world, counts) => {
      minute = createChaosMinute(world, counts, planned, replay.seed);
      return minute.live;
    },
  });
  assert(minute !== undefined, "A replay lives its minutes.");
  const { faults, probe, failovers } = minute;
  return {
    result,
    history: probe.history(result.startingEquity),
    failovers: failovers(),
    struck: Object.fromEntries(planned.map(({ text }) => [text, faults.struck(text)])),
  };
};
