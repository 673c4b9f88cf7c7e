import { FlagsBody } from "../../shared/adapters/holdfast-api/contract/configuration.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { clockTime, modeBadge, paletteOf, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Lists the flags. */
export const reportFlags = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.read("/api/flags", FlagsBody));
    if (input.isJson) {
      context.write(`${text}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    const rows = body.flags.map(({ flag, percent, rollBack, rolledBack }) => [
      flag,
      `${percent} %`,
      rollBack ? "by itself" : "by people",
      rolledBack === null
        ? palette.green(percent === 0 ? "off" : "on")
        : palette.yellow(`rolled back at ${clockTime(rolledBack.atMs)}: ${rolledBack.reason}`),
    ]);
    context.write(`${modeBadge(body.mode, palette)} Flags\n`);
    context.write(table(COLUMNS, rows, palette));
    return 0;
  });

const COLUMNS = [
  { title: "FLAG", align: "left" },
  { title: "FOR", align: "right" },
  { title: "ROLLED BACK", align: "left" },
  { title: "NOW", align: "left" },
] as const;
