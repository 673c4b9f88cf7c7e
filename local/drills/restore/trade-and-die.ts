import { spawn } from "node:child_process";
import { once } from "node:events";
import * as z from "zod";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHttpClient } from "../../../shared/adapters/http/http-client.ts";
import { readTokensFile } from "../../world/operator-tokens.ts";
import { DrillFault } from "../drill-world.ts";
import { requireGoing, waitUnlessStopped } from "../unless-stopped.ts";

const Ready = z.looseObject({ type: z.literal("ready"), url: z.string() });

const READY_MAX_MS = 60_000;
const BACKUP_TIMEOUT_MS = 30_000;
/** The host's time in which it trades before the backup, and after it. */
const BEFORE_MS = 8_000;
const AFTER_MS = 8_000;

/**
 * Lets a world trade as a process of its own, has it backed up, and kills it after it traded on. A
 * world that ends by itself before that was not killed, and proves nothing: a `DrillFault`.
 */
export const tradeAndDie = async (
  {
    command: [program, ...words],
    seed,
    speed,
    stopped,
  }: {
    readonly command: readonly [string, ...string[]];
    readonly seed: number;
    readonly speed: number;
    readonly stopped: AbortSignal;
  },
  place: { readonly directory: string; readonly file: string },
): Promise<void> => {
  const market = ["--seed", seed.toString(), "--speed", speed.toString()];
  const where = ["--port", "0", "--config", place.file, "--state", place.directory];
  const child = spawn(program, [...words, "start", "--json", ...where, ...market], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = once(child, "close");
  const died = closed.then(([code, signal]) => {
    throw new DrillFault(`The world ended by itself (${signal ?? `exit ${code}`}).`);
  });
  // Its end by our own hand is expected, and nobody waits for it here any more.
  died.catch(() => undefined);
  try {
    const late = waitUnlessStopped(stopped, READY_MAX_MS, { isUnheld: true }).then(() => "");
    const url = await Promise.race([readUrl(child.stdout), late, died]);
    if (url === "") throw new DrillFault("The world did not start.");
    await Promise.race([waitUnlessStopped(stopped, BEFORE_MS), died]);
    requireGoing(stopped);
    await backUp(url, place.directory);
    await Promise.race([waitUnlessStopped(stopped, AFTER_MS), died]);
  } finally {
    child.kill("SIGKILL");
    await closed;
  }
};

/** The address that a world tells when it is ready. */
const readUrl = (output: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve) => {
    let rest = "";
    output.setEncoding("utf8");
    output.on("data", (text: string) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const ready = Ready.safeParse(jsonOrNothing(line));
        if (ready.success) resolve(ready.data.url);
      }
    });
  });

const backUp = async (url: string, directory: string): Promise<void> => {
  const http = createHttpClient({ clock: createHostClock() });
  try {
    const answer = await http.send({
      method: "POST",
      url: `${url}/api/backups/now`,
      headers: {
        authorization: `Bearer ${readTokensFile(directory)?.operator ?? ""}`,
        "content-type": "application/json",
      },
      body: "{}",
      timeoutMs: BACKUP_TIMEOUT_MS,
    });
    if (answer.type === "answer" && answer.body.includes('"linked"')) return;
    const why = answer.type === "answer" ? answer.body : answer.type;
    throw new DrillFault(`The world was not backed up: ${why}`);
  } finally {
    http.close();
  }
};

const jsonOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
