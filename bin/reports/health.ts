import { setTimeout as pause } from "node:timers/promises";
import {
  HealthHistoryBody,
  RecentErrorsBody,
} from "../../shared/adapters/holdfast-api/contract/health.ts";
import type { HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { exitCodeOf } from "./exit-code.ts";
import { clockTime, levelText, modeBadge, paletteOf, span, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/**
 * Shows every component, once or again and again; the exit code is the system's level as it was
 * last seen. With `--errors` it shows what failed in one component instead.
 */
export const reportHealth = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const component = input.options["errors"];
  const watchMs = watchOf(input);
  if (typeof component === "string") {
    return withApi(input, context, (api) => showErrors(api, component, input, context));
  }
  return withApi<ExitCode>(input, context, async (api) => {
    let code = await showHealth(api, input, context);
    if (watchMs === undefined) return code;
    while (!context.stopped.aborted) {
      await pause(watchMs, undefined, { signal: context.stopped }).catch(() => undefined);
      if (context.stopped.aborted) break;
      code = await showHealth(api, input, context);
    }
    return code;
  });
};

const WATCH_SECONDS_MAX = 3_600;

const watchOf = ({ options }: VerbInput): number | undefined => {
  const text = options["watch"];
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(String(text)) ? Number(text) : Number.NaN;
  if (seconds >= 1 && seconds <= WATCH_SECONDS_MAX) return seconds * 1_000;
  throw usageFault(`--watch takes whole seconds from 1 to ${WATCH_SECONDS_MAX}, not ${text}.`);
};

const showHealth = async (
  api: HoldfastApi,
  { isJson, options }: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { body, text } = orFail(await api.read("/api/system/health", HealthHistoryBody));
  const code = exitCodeOf(body.level, undefined);
  if (isJson) {
    context.write(`${text}\n`);
    return code;
  }
  const palette = paletteOf(context);
  const rows = body.components.map((component) => [
    component.component,
    component.isCritical ? "critical" : "supportive",
    // Nothing is wrong with what has nothing to do, but nothing was proven either.
    component.level === "healthy" && component.evidenceAtMs === null
      ? palette.dim("idle")
      : levelText(component.level, palette),
    component.evidenceAtMs === null ? "never" : span(body.atMs - component.evidenceAtMs),
    component.reason,
  ]);
  context.write(
    `${modeBadge(body.mode, palette)} ${levelText(body.level, palette)}: ${body.reason}\n`,
  );
  context.write(table(COLUMNS, rows, palette));
  if (options["history"] === true) {
    const past = body.history.map(({ atMs, level, reason }) => [
      clockTime(atMs),
      span(body.atMs - atMs),
      levelText(level, palette),
      reason,
    ]);
    context.write(`\n${table(HISTORY_COLUMNS, past, palette)}`);
  }
  return code;
};

const showErrors = async (
  api: HoldfastApi,
  component: string,
  { isJson }: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const path = `/api/system/errors/${encodeURIComponent(component)}`;
  const { body, text } = orFail(await api.read(path, RecentErrorsBody));
  if (isJson) {
    context.write(`${text}\n`);
    return 0;
  }
  const palette = paletteOf(context);
  const { errors, looked } = body;
  context.write(
    `${modeBadge(body.mode, palette)} ${body.component}: ${errors.length} of its newest ` +
      `${looked} pieces of evidence are failures.\n`,
  );
  const rows = errors.map(({ atMs, detail, fault }) => [
    clockTime(atMs),
    span(body.atMs - atMs),
    fault ?? "-",
    detail,
  ]);
  if (rows.length > 0) context.write(table(ERROR_COLUMNS, rows, palette));
  return 0;
};

const COLUMNS = [
  { title: "COMPONENT", align: "left" },
  { title: "KIND", align: "left" },
  { title: "LEVEL", align: "left" },
  { title: "EVIDENCE", align: "right" },
  { title: "REASON", align: "left" },
] as const;

const HISTORY_COLUMNS = [
  { title: "TIME", align: "left" },
  { title: "AGO", align: "right" },
  { title: "LEVEL", align: "left" },
  { title: "REASON", align: "left" },
] as const;

const ERROR_COLUMNS = [
  { title: "TIME", align: "left" },
  { title: "AGO", align: "right" },
  { title: "CURE BY A PERSON", align: "left" },
  { title: "WHAT FAILED", align: "left" },
] as const;
