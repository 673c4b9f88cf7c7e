import { spawn } from "node:child_process";
import { DrillFault } from "../drill-world.ts";
import { waitUnlessStopped } from "../unless-stopped.ts";

/** How a world is started, and how long it lives. */
export type Life = {
  /** The words that start the CLI: the program and what stands before the verb. */
  readonly command: readonly [string, ...string[]];
  readonly seed: number;
  readonly speed: number;
  /** The state directory, and the configuration in it. */
  readonly directory: string;
  readonly file: string;
  /** Whether its milliseconds count from when it trades, and not from its start. */
  readonly isAtWork: boolean;
  readonly lifeMs: number;
  readonly stopped: AbortSignal;
};

/** A world that does not begin to trade in this time is killed as it is. */
const READY_MAX_MS = 30_000;
/** Of what it says, the end is kept: enough for its last line. */
const SAID_MAX = 2_000;

/**
 * One life of the world, which our SIGKILL ends; whether it had begun to trade by then. Throws
 * `DrillFault` where it ended before: that is no death that the drill could judge.
 */
export const liveAndDie = async (life: Life): Promise<boolean> => {
  const [program, ...words] = life.command;
  const market = ["--seed", life.seed.toString(), "--speed", life.speed.toString()];
  const place = ["--port", "0", "--config", life.file, "--state", life.directory];
  const child = spawn(program, [...words, "start", "--json", ...place, ...market], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [said, complained, isReady] = ["", "", false];
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      complained = error.message;
      resolve();
    });
  });
  const ready = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      isReady ||= `${said}${text}`.includes('"type":"ready"');
      said = `${said}${text}`.slice(-SAID_MAX);
      if (isReady) resolve();
    });
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complained = `${complained}${text}`.slice(-SAID_MAX);
  });
  const wait = (ms: number): Promise<void> =>
    waitUnlessStopped(life.stopped, ms, { isUnheld: true });
  if (life.isAtWork) await Promise.race([ready, closed, wait(READY_MAX_MS)]);
  await Promise.race([closed, wait(life.lifeMs)]);
  child.kill("SIGKILL");
  await closed;
  if (child.signalCode === "SIGKILL") return isReady;
  const last = lastLine(complained) ?? lastLine(said);
  const why = last === undefined ? "It said nothing." : `It said last: ${last}`;
  throw new DrillFault(
    `The world ${isReady ? "ended by itself" : "did not start"}; nothing was killed. ${why}`,
  );
};

const lastLine = (text: string): string | undefined =>
  text
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "");
