import { HealthBody } from "../../shared/adapters/holdfast-api/contract.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { exitCodeOf } from "./exit-code.ts";
import { levelText, modeBadge, paletteOf, span, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Shows every component; the exit code is the system's level. */
export const reportHealth = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.read("/api/system/health", HealthBody));
    if (input.isJson) {
      context.write(`${text}\n`);
      return exitCodeOf(body.level, undefined);
    }
    const palette = paletteOf(context);
    const rows = body.components.map((component) => [
      component.component,
      component.isCritical ? "critical" : "supportive",
      levelText(component.level, palette),
      component.evidenceAtMs === null ? "never" : span(body.atMs - component.evidenceAtMs),
      component.reason,
    ]);
    context.write(
      `${modeBadge(body.mode, palette)} ${levelText(body.level, palette)}: ${body.reason}\n`,
    );
    context.write(table(COLUMNS, rows, palette));
    return exitCodeOf(body.level, undefined);
  });

const COLUMNS = [
  { title: "COMPONENT", align: "left" },
  { title: "KIND", align: "left" },
  { title: "LEVEL", align: "left" },
  { title: "EVIDENCE", align: "right" },
  { title: "REASON", align: "left" },
] as const;
