import type { TellEvent } from "../../local/world/world-event.ts";
import type { World, WorldEnd, WorldOptions } from "../../local/world/world.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import type { Mode } from "../../shared/domain/settings.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { paletteOf } from "../reports/text.ts";
import type { VerbContext } from "../verb.ts";
import { describeEnd, describeStart } from "./describe-world.ts";
import { createDenials } from "./denials.ts";
import { describeEvent } from "./describe-event.ts";
import { createStatusLine } from "./status-line.ts";

/** What the terminal says while a world runs. */
export type Progress = {
  readonly starting: (world: StartingWorld) => void;
  readonly ready: (world: World) => void;
  readonly tell: TellEvent;
  readonly stopping: (why: "signal" | "time") => void;
  readonly stopped: (end: WorldEnd) => void;
};

/** What is known of a world before it runs. */
export type StartingWorld = Pick<
  WorldOptions,
  "settings" | "state" | "record" | "seed" | "data" | "speed" | "firstSession" | "vendors"
> & { readonly forMs: number | undefined };

/** Where progress goes, and how. */
export type ProgressOptions = {
  readonly context: VerbContext;
  /** One JSON object a line instead of text. */
  readonly isJson: boolean;
  readonly timers: Timers;
  readonly mode: Mode;
  readonly host: Pick<Clock, "monotonicMs">;
};

/** Tells a world's progress: text for a person, or a JSON object a line for a program. */
export const createProgress = (options: ProgressOptions): Progress =>
  options.isJson ? createJsonProgress(options) : createTextProgress(options);

const createJsonProgress = ({ context, host, mode }: ProgressOptions): Progress => {
  const startedAtMs = host.monotonicMs();
  const line = (event: object): void => context.write(`${JSON.stringify({ mode, ...event })}\n`);
  return {
    starting: ({ settings, state, seed, data, speed }) =>
      line({
        type: "starting",
        state: state.path,
        seed,
        data: data?.path ?? null,
        speed,
        symbols: settings.symbols,
      }),
    ready: ({ url, nowMs }) =>
      line({
        type: "ready",
        url,
        atMs: nowMs(),
        startedInMs: Math.round(host.monotonicMs() - startedAtMs),
      }),
    tell: line,
    stopping: (why) => line({ type: "stopping", why }),
    stopped: (end) => line({ type: "stopped", ...end }),
  };
};

const createTextProgress = ({ context, timers, mode }: ProgressOptions): Progress => {
  const palette = paletteOf(context);
  const status = createStatusLine({ context, timers, palette, mode });
  const denials = createDenials(timers, (sentence) => status.print(sentence));
  return {
    starting: (world) => {
      for (const text of describeStart(world, palette)) status.print(text);
    },
    ready: (world) => {
      status.print(
        `Ready: ${palette.bold(palette.cyan(world.url))}  ${palette.dim("Ctrl-C stops.")}`,
      );
      // A line that may end in a log names the file, never what is in it.
      const { operator, approver } = world.tokens;
      const tokens = context.isTerminal
        ? `operator ${operator}, approver ${approver}`
        : "in tokens.json of the state directory";
      status.print(palette.dim(`Tokens: ${tokens}`));
      if (context.isTerminal) {
        const address = `${world.url}/#token=${operator}`;
        status.print(palette.dim(`To change something from the page: ${address}`));
      }
      status.start(world);
    },
    tell: (event) => {
      status.note(event);
      if (event.type === "orderDenied") {
        denials.note(event);
        return;
      }
      const text = describeEvent(event, palette);
      if (text !== undefined) status.print(text);
    },
    stopping: (why) => {
      denials.flush();
      status.stop();
      context.write(why === "signal" ? "Stopping...\n" : "The time is over; stopping...\n");
    },
    stopped: (end) => {
      for (const text of describeEnd(end, palette)) context.write(`${text}\n`);
    },
  };
};
