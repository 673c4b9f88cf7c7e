import { SreHealthBody } from "../../shared/adapters/holdfast-api/contract.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { clockTime, modeBadge, paletteOf, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

const REMEDIES_SHOWN = 15;

/** Runs the checks and shows them; 0 where nothing was found, else 1. */
export const reportHeal = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
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
  });

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
