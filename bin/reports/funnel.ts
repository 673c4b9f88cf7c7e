import { FunnelBody } from "../../shared/adapters/holdfast-api/contract.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { modeBadge, paletteOf, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

const BAR_WIDTH = 28;

/** Draws the funnel: who got how far, and what stopped the others. */
export const reportFunnel = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.read("/api/funnel", FunnelBody));
    if (input.isJson) {
      context.write(`${text}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    const most = Math.max(1, ...body.stages.map(({ passed }) => passed));
    const rows = body.stages.map(({ stage, passed, stopped }) => [
      stage,
      passed.toString(),
      palette.cyan("█".repeat(barOf(passed, most))),
      stopped.map(({ reason, count }) => `${count} ${reason}`).join(", "),
    ]);
    context.write(`${modeBadge(body.mode, palette)} Funnel of ${body.sessionDate}\n`);
    context.write(table(COLUMNS, rows, palette));
    return 0;
  });

/** On a logarithmic scale, so that ten fills are seen beside ten thousand quotes. */
const barOf = (passed: number, most: number): number =>
  passed === 0
    ? 0
    : Math.max(1, Math.round((Math.log10(passed + 1) / Math.log10(most + 1)) * BAR_WIDTH));

const COLUMNS = [
  { title: "STAGE", align: "left" },
  { title: "PASSED", align: "right" },
  { title: "", align: "left" },
  { title: "STOPPED HERE", align: "left" },
] as const;
