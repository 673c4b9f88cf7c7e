import { readRecordedDays } from "../local/recorded-days/read-recorded-days.ts";
import { drawRecordedFlow } from "../local/replay/recorded-flow.ts";
import { unpaced } from "../local/replay/pace.ts";
import { replayRecording } from "../local/replay/replay-recording.ts";
import { createHostClock } from "../shared/adapters/host/clock.ts";
import { hostEnvironment, settleEnvironment } from "../shared/adapters/host/environment.ts";
import { toSettings } from "../shared/runtime/configuration-settings.ts";
import { requireConfiguration } from "../bin/read-configuration.ts";

/** Replays the directory that is named and prints what it took, as JSON: times in milliseconds. */
settleEnvironment();
const recorded = readRecordedDays(process.argv[2] ?? "");
if (!recorded.ok) throw new Error(recorded.error.sentence);
const configuration = requireConfiguration("holdfast.yaml", hostEnvironment());
const seed = 1;
const flow = drawRecordedFlow(recorded.value, seed);
const before = process.cpuUsage();
const threadBefore = process.threadCpuUsage();
const { quotes, traceHash, duplicateOrders, unguardedOrders, elapsedMs } = await replayRecording({
  recorded: recorded.value,
  settings: toSettings(configuration, { mode: "sim", region: "local" }),
  seed,
  flow,
  pace: unpaced,
  host: createHostClock(),
  isStopped: () => false,
});
const { user, system } = process.cpuUsage(before);
const cpuMs = (user + system) / 1_000;
const thread = process.threadCpuUsage(threadBefore);
const threadMs = (thread.user + thread.system) / 1_000;
const counts = { quotes, traceHash, duplicateOrders, unguardedOrders };
const result = { ...counts, elapsedMs, cpuMs, threadMs };
process.stdout.write(`${JSON.stringify(result)}\n`);
