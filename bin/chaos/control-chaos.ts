import {
  ChaosBody,
  ChaosClearedBody,
  ChaosInjectedBody,
} from "../../shared/adapters/holdfast-api/contract/chaos.ts";
import { TimelineBody } from "../../shared/adapters/holdfast-api/contract/timeline.ts";
import type { HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import { CHAOS_SUMMARY, FAILURES, type Failure } from "../../shared/domain/chaos/chaos-mode.ts";
import { exitCodeOf } from "../reports/exit-code.ts";
import { clockTime, levelText, modeBadge, paletteOf, span, type Palette } from "../reports/text.ts";
import { orFail, withApi } from "../reports/with-api.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";

/** Breaks something in a Holdfast that runs, ends it, or shows what came of it. */
export const controlChaosVerb = async (
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const action = input.arguments[0];
  if (action === "inject") {
    const wish = { failure: readFailure(input), minutes: readMinutes(input) };
    return withApi(input, context, (api) => inject(api, wish, input, context));
  }
  if (action === "clear") return withApi(input, context, (api) => clear(api, input, context));
  return withApi(input, context, (api) => showStatus(api, input, context));
};

const inject = async (
  api: HoldfastApi,
  wish: { readonly failure: Failure; readonly minutes: number },
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { body, text } = orFail(await api.change("/api/chaos/inject", wish, ChaosInjectedBody));
  const until =
    body.endsAtMs - body.beganAtMs > 1
      ? `It ends by itself at ${clockTime(body.endsAtMs)}, or with chaos clear.`
      : "It is done; what mends it is the system itself.";
  context.write(
    input.isJson
      ? `${text}\n`
      : `${wish.failure}: ${CHAOS_SUMMARY[wish.failure]} ${until} See chaos status.\n`,
  );
  return 0;
};

const clear = async (
  api: HoldfastApi,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { body, text } = orFail(await api.change("/api/chaos/clear", {}, ChaosClearedBody));
  const sentence =
    body.cleared === null
      ? "Nothing was broken on purpose."
      : `${body.cleared} is no longer broken on purpose.`;
  context.write(input.isJson ? `${text}\n` : `${sentence}\n`);
  return 0;
};

const EVENTS_SHOWN = 20;

const showStatus = async (
  api: HoldfastApi,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const chaos = orFail(await api.read("/api/chaos", ChaosBody));
  const timeline = orFail(await api.read("/api/timeline", TimelineBody));
  const { level, sinceMs, troubles, healing, recovered, events, missing } = timeline.body;
  const exitCode = exitCodeOf(level, undefined);
  if (input.isJson) {
    const both = { chaos: chaos.body, timeline: timeline.body };
    context.write(`${JSON.stringify(both, undefined, 2)}\n`);
    return exitCode;
  }
  const palette = paletteOf(context);
  const since = sinceMs === null ? "" : ` since ${clockTime(sinceMs)}`;
  const lines = [
    `${modeBadge(chaos.body.mode, palette)} ${levelText(level, palette)}${since}`,
    brokenText(chaos.body, palette),
    ...troubles.flatMap(({ component, level: lame, reason, response }) => [
      `${palette.bold(component)} ${lame}: ${reason}`,
      palette.dim(`  ${response}`),
    ]),
    ...(healing === null ? [] : [`Healing: ${healing.remedy}. ${healing.detail}`]),
    ...(recovered === null
      ? []
      : [`Last recovered at ${clockTime(recovered.atMs)}, after ${span(recovered.tookMs)}.`]),
    ...(missing.length === 0 ? [] : [`Cannot be read now: ${missing.join(", ")}.`]),
    "",
    ...events
      .slice(0, EVENTS_SHOWN)
      .map(({ atMs, title, detail }) => `${palette.dim(clockTime(atMs))} ${title}. ${detail}`),
  ];
  context.write(`${lines.join("\n")}\n`);
  return exitCode;
};

const brokenText = (
  { refusal, current }: Pick<typeof ChaosBody._zod.output, "refusal" | "current">,
  palette: Palette,
): string => {
  if (refusal !== null) return refusal;
  if (current === null) return "Nothing is broken on purpose.";
  const { failure, breaks, endsAtMs, by } = current;
  const until = `until ${clockTime(endsAtMs)}`;
  return `${palette.yellow("Broken on purpose")} by ${by}, ${until}: ${failure}. ${breaks}`;
};

const readFailure = ({ arguments: [, name] }: VerbInput): Failure => {
  const found = FAILURES.find((failure) => failure === name);
  if (found !== undefined) return found;
  throw usageFault(`chaos inject takes one of ${FAILURES.join(", ")}.`);
};

const readMinutes = ({ options }: VerbInput): number => {
  const text = String(options["minutes"]);
  const minutes = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (minutes >= 1 && minutes <= 60) return minutes;
  throw usageFault(`--minutes takes a whole number from 1 to 60, not ${text}.`);
};
