import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import { readRecordedDays } from "../../local/recorded-days/read-recorded-days.ts";
import type { RecordedDays } from "../../local/recorded-days/recorded-day.ts";
import { createPace, unpaced } from "../../local/replay/pace.ts";
import { drawRecordedFlow } from "../../local/replay/recorded-flow.ts";
import { replayRecording, type ReplayInput } from "../../local/replay/replay-recording.ts";
import type { FaultSpec } from "../../local/replay/chaos/parse-faults.ts";
import { placeFaults, type ChaosFault } from "../../local/replay/chaos/place-faults.ts";
import { runChaosBacktest, type ChaosBacktest } from "../../local/replay/chaos/run-backtest.ts";
import type { ReplayResult } from "../../local/replay/replay-result.ts";
import { paletteOf } from "../reports/text.ts";
import { createProgressLine } from "../progress-line.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { type ExitCode, usageFault, VerbFault, type VerbContext, type VerbInput } from "../verb.ts";
import { chaosHelp } from "./chaos-help.ts";
import { toChaosJson } from "./chaos-json.ts";
import { isChaosStopped, toChaosText } from "./chaos-text.ts";
import { parseReplayInput, type ReplayRequest } from "./parse-replay-input.ts";
import { toReplayJson } from "./replay-json.ts";
import { toReplayText } from "./replay-text.ts";

/** The Region of every order of a replay; it is none of AWS's. */
const REGION = "local";

/**
 * Replays recorded days and prints what came of it. Throws `VerbFault` before anything starts when
 * the recording, the configuration or a word cannot be used.
 */
export const runReplay = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  if (input.options["faults"] === "help") {
    context.write(chaosHelp());
    return 0;
  }
  const request = parseReplayInput(input);
  const configuration = requireConfiguration(request.configurationPath, context.environment);
  const recorded = requireRecording(request);
  const host = createHostClock();
  const progress = createProgressLine(input, context);
  let runText = "";
  const replay: ReplayInput = {
    recorded,
    settings: toSettings(configuration, { mode: "sim", region: REGION }),
    seed: request.seed,
    flow: drawRecordedFlow(recorded, request.seed),
    pace: Number.isFinite(request.speed)
      ? createPace(request.speed, host, context.stopped)
      : unpaced,
    host,
    isStopped: () => context.stopped.aborted,
    onDay: (date, index) =>
      progress.show(`${runText}${date}, day ${index + 1} of ${recorded.days.length} …`),
  };
  if (request.faults === undefined) {
    const result = await replayRecording(replay);
    progress.clear();
    const json = (): unknown => toReplayJson(result);
    print(input, context, json, () => toReplayText(result));
    return exitCodeOf(result);
  }
  const faults = requireFaults(request.faults, recorded);
  const backtest = await runChaosBacktest({
    replay,
    faults,
    onRun: (run, runs) => {
      runText = `Run ${run} of ${runs}: `;
    },
  });
  progress.clear();
  const json = (): unknown => toChaosJson(backtest);
  print(input, context, json, () => toChaosText(backtest, paletteOf(context)));
  return chaosExitCode(backtest);
};

const print = (
  input: VerbInput,
  context: VerbContext,
  json: () => unknown,
  text: () => string,
): void => context.write(input.isJson ? `${JSON.stringify(json(), undefined, 2)}\n` : text());

const requireFaults = (
  specs: readonly FaultSpec[],
  recorded: RecordedDays,
): readonly ChaosFault[] => {
  const placed = placeFaults(
    specs,
    recorded.days.map(({ date }) => date),
  );
  if (placed.ok) return placed.value;
  throw usageFault(`--faults: ${placed.error}`);
};

const requireRecording = ({ directory, symbols }: ReplayRequest): RecordedDays => {
  const read = readRecordedDays(directory, symbols === undefined ? {} : { symbols });
  if (read.ok) return read.value;
  const { type, sentence } = read.error;
  throw type === "UnknownSymbol" ? usageFault(sentence) : new VerbFault(sentence);
};

const exitCodeOf = (result: ReplayResult): ExitCode => {
  const isFailed =
    result.duplicateOrders > 0 || result.unguardedOrders > 0 || result.faults.length > 0;
  if (isFailed) return 2;
  if (result.tradingState === "halted") return 3;
  const isWhole =
    result.tradingState === "active" && result.differences.length === 0 && !result.isStopped;
  return isWhole ? 0 : 1;
};

/** Nothing may ever be doubled or unguarded; what the faults have cost is no failure of the run. */
const chaosExitCode = (backtest: ChaosBacktest): ExitCode => {
  const runs = [backtest.without, backtest.with, ...backtest.alone].map(({ result }) => result);
  const isUnsafe = runs.some(
    ({ duplicateOrders, unguardedOrders }) => duplicateOrders > 0 || unguardedOrders > 0,
  );
  if (isUnsafe) return 2;
  if (isChaosStopped(backtest)) return 1;
  const plain = exitCodeOf(backtest.without.result);
  return plain === 0 ? exitCodeOf({ ...backtest.with.result, faults: [] }) : plain;
};
