import { AlertsBody, AlertsTestBody } from "../../shared/adapters/holdfast-api/contract/alerts.ts";
import type { HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { modeBadge, paletteOf, span, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Lists the incidents, and leaves with 1 while one stands; or sends a test, and leaves with 0 once
 * it was handed over. */
export const reportAlerts = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, (api) =>
    input.arguments[0] === "test" ? test(api, input, context) : list(api, input, context),
  );

const test = async (
  api: HoldfastApi,
  { isJson }: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { body, text } = orFail(await api.change("/api/alerts/test", {}, AlertsTestBody));
  const palette = paletteOf(context);
  context.write(
    isJson ? `${text}\n` : `${modeBadge(body.mode, palette)} ${body.key}: ${body.detail}\n`,
  );
  return body.isHandedOver ? 0 : 2;
};

const list = async (
  api: HoldfastApi,
  { isJson }: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { body, text } = orFail(await api.read("/api/alerts", AlertsBody));
  const standing = body.alerts.filter(({ action }) => action === "trigger").length;
  if (isJson) {
    context.write(`${text}\n`);
    return standing === 0 ? 0 : 1;
  }
  const palette = paletteOf(context);
  context.write(
    `${modeBadge(body.mode, palette)} ${standing} ${standing === 1 ? "incident stands" : "incidents stand"}.\n`,
  );
  const rows = body.alerts.map((alert) => [
    alert.action === "resolve" ? palette.green("over") : palette.red(alert.severity),
    span(body.atMs - alert.atMs),
    alert.toldAtMs === null ? palette.red("not yet") : "yes",
    alert.key,
    alert.summary,
    alert.runbook,
  ]);
  if (rows.length > 0) context.write(table(COLUMNS, rows, palette));
  return standing === 0 ? 0 : 1;
};

const COLUMNS = [
  { title: "STATE", align: "left" },
  { title: "SINCE", align: "right" },
  { title: "TOLD", align: "left" },
  { title: "INCIDENT", align: "left" },
  { title: "WHAT", align: "left" },
  { title: "RUNBOOK", align: "left" },
] as const;
