import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import { readRecordedDays } from "../../local/recorded-days/read-recorded-days.ts";
import type { RecordedDays } from "../../local/recorded-days/recorded-day.ts";
import { createPace, unpaced } from "../../local/replay/pace.ts";
import { replayRecording } from "../../local/replay/replay-recording.ts";
import type { ReplayResult } from "../../local/replay/replay-result.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { type ExitCode, usageFault, VerbFault, type VerbContext, type VerbInput } from "../verb.ts";
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
  const request = parseReplayInput(input);
  const configuration = requireConfiguration(request.configurationPath, context.environment);
  const recorded = requireRecording(request);
  const host = createHostClock();
  const isShown = context.isTerminal && !input.isJson;
  const count = recorded.days.length;
  const result = await replayRecording({
    recorded,
    settings: toSettings(configuration, { mode: "sim", region: REGION }),
    seed: request.seed,
    pace: Number.isFinite(request.speed)
      ? createPace(request.speed, host, context.stopped)
      : unpaced,
    host,
    isStopped: () => context.stopped.aborted,
    onDay: (date, index) => {
      if (isShown) context.writeError(`\r${date}, day ${index + 1} of ${count} …`);
    },
  });
  if (isShown) context.writeError("\r\u001b[K");
  context.write(
    input.isJson ? `${JSON.stringify(toReplayJson(result), undefined, 2)}\n` : toReplayText(result),
  );
  return exitCodeOf(result);
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
