import { runCommandLine } from "./command-line.ts";
import { createAnswerToSignals } from "./answer-signals.ts";
import { askAtTerminal } from "./ask.ts";
import { createHostClock } from "../shared/adapters/host/clock.ts";
import { hostEnvironment, settleEnvironment } from "../shared/adapters/host/environment.ts";
import { backup } from "./verbs/backup.ts";
import { breakers } from "./verbs/breakers.ts";
import { audit } from "./verbs/audit.ts";
import { alerts } from "./verbs/alerts.ts";
import { config } from "./verbs/config.ts";
import { deadLetters } from "./verbs/dead-letters.ts";
import { drill } from "./verbs/drill.ts";
import { explain } from "./verbs/explain.ts";
import { failover } from "./verbs/failover.ts";
import { flags } from "./verbs/flags.ts";
import { flatten } from "./verbs/flatten.ts";
import { funnel } from "./verbs/funnel.ts";
import { halt } from "./verbs/halt.ts";
import { health } from "./verbs/health.ts";
import { orders } from "./verbs/orders.ts";
import { chaos } from "./verbs/chaos.ts";
import { heal } from "./verbs/heal.ts";
import { probe } from "./verbs/probe.ts";
import { positions } from "./verbs/positions.ts";
import { reconcile } from "./verbs/reconcile.ts";
import { region } from "./verbs/region.ts";
import { replay } from "./verbs/replay.ts";
import { restore } from "./verbs/restore.ts";
import { resume } from "./verbs/resume.ts";
import { simulate } from "./verbs/simulate.ts";
import { start } from "./verbs/start.ts";
import { status } from "./verbs/status.ts";
import { ticks } from "./verbs/ticks.ts";
import { vendors } from "./verbs/vendors.ts";
import type { ExitCode, Verb } from "./verb.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs the CLI in this process: its words, its streams, its signals. Returns the exit code. */
export const main = async (): Promise<ExitCode> => {
  settleEnvironment();
  const stop = new AbortController();
  const answer = createAnswerToSignals<(typeof SIGNALS)[number]>({
    clock: createHostClock(),
    stop: () => stop.abort(),
    endAtOnce: (signal) => {
      // Without a listener it ends the process, as the shell expects.
      process.off(signal, answer);
      process.kill(process.pid, signal);
    },
  });
  for (const signal of SIGNALS) process.on(signal, answer);
  // `holdfast orders | head` closes the pipe early: that is no failure.
  process.stdout.on("error", () => process.exit(0));
  return runCommandLine(VERBS, process.argv.slice(2), {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    isTerminal: process.stdout.isTTY,
    ask: process.stdin.isTTY && process.stdout.isTTY ? askAtTerminal : undefined,
    environment: hostEnvironment(),
    stopped: stop.signal,
  });
};

/** Every verb, in the order of the help. */
export const VERBS: readonly Verb[] = [
  start,
  replay,
  ticks,
  simulate,
  status,
  positions,
  orders,
  explain,
  funnel,
  health,
  alerts,
  vendors,
  breakers,
  flags,
  heal,
  probe,
  halt,
  flatten,
  resume,
  region,
  failover,
  reconcile,
  deadLetters,
  backup,
  restore,
  audit,
  config,
  drill,
  chaos,
];
