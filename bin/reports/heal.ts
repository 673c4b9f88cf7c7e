import type { HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import {
  HealResumedBody,
  HealStartedBody,
  SreHealthBody,
} from "../../shared/adapters/holdfast-api/contract/healing.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { clockTime, modeBadge, paletteOf, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

const REMEDIES_SHOWN = 15;

/** Shows what is wrong, and leaves with 1 where anything is; or passes a person's word on. */
export const reportHeal = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, (api) => {
    const [what] = input.arguments;
    if (what === "now") return start(api, input, context);
    return what === "resume" ? resume(api, input, context) : show(api, input, context);
  });

const start = async (
  api: HoldfastApi,
  { isJson }: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { body, text } = orFail(await api.change("/api/sre/health", {}, HealStartedBody));
  const badge = modeBadge(body.mode, paletteOf(context));
  const sentence = `${badge} Healing looks now (${body.run}); \`heal status\` says what it did.`;
  context.write(`${isJson ? text : sentence}\n`);
  return 0;
};

const resume = async (
  api: HoldfastApi,
  { isJson, arguments: words }: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const remedy = words[1];
  if (remedy === undefined) throw usageFault("Say which: `heal status` shows what is stopped.");
  const { body, text } = orFail(await api.change("/api/sre/resume", { remedy }, HealResumedBody));
  const badge = modeBadge(body.mode, paletteOf(context));
  context.write(`${isJson ? text : `${badge} ${body.detail}`}\n`);
  return 0;
};

const show = async (
  api: HoldfastApi,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { body, text } = orFail(await api.read("/api/sre/health", SreHealthBody));
  const exitCode = body.findings.length === 0 ? 0 : 1;
  if (input.isJson) {
    context.write(`${text}\n`);
    return exitCode;
  }
  const palette = paletteOf(context);
  const { findings, treatment, probe, remedies, stopped } = body;
  context.write(`${modeBadge(body.mode, palette)} Healing\n`);
  context.write(
    probe === null
      ? "No probe has run yet.\n"
      : `Probe at ${clockTime(probe.atMs)}: ${probe.passed ? palette.green("passed") : palette.red("failed")}. ${probe.detail}\n`,
  );
  if (findings.length === 0) context.write("Nothing is wrong.\n");
  else {
    const rows = findings.map((one) => [one.cause, one.component, one.subject, one.detail]);
    context.write(table(FINDING_COLUMNS, rows, palette));
    const what = [treatment.type, treatment.remedy, treatment.reason].filter(
      (word) => word !== null,
    );
    context.write(`Next: ${what.join(", ")}\n`);
  }
  if (stopped.length > 0) context.write(`${palette.red("Stopped")}: ${stopped.join(", ")}\n`);
  if (input.arguments[0] !== "status") return exitCode;
  const done = remedies
    .slice(0, REMEDIES_SHOWN)
    .map((one) => [clockTime(one.atMs), one.remedy ?? "", one.outcome, one.detail]);
  context.write(done.length === 0 ? "No remedy was used.\n" : table(COLUMNS, done, palette));
  return exitCode;
};

const FINDING_COLUMNS = [
  { title: "CAUSE", align: "left" },
  { title: "COMPONENT", align: "left" },
  { title: "OF", align: "left" },
  { title: "WHAT", align: "left" },
] as const;

const COLUMNS = [
  { title: "TIME", align: "left" },
  { title: "REMEDY", align: "left" },
  { title: "OUTCOME", align: "left" },
  { title: "WHAT", align: "left" },
] as const;
